/** Runs that cannot succeed: what was asked for does not exist, is not written well, is not supported, or never starts. */

import { kinds } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStackRig, OWNER, RUN_NAMESPACE, type StackRig } from './rig/stack-rig.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

/** Two apps that never come up; the cluster of these tests waits this long for them. */
const ROLLOUT_TIMEOUT_SECONDS = '4';

let rig: StackRig;

async function shortenRollouts(): Promise<void> {
  const setting = { name: 'ROLLOUT_TIMEOUT_SECONDS', value: ROLLOUT_TIMEOUT_SECONDS };
  await rig.cluster.client
    .resource(kinds.tasks, RUN_NAMESPACE)
    .patch('deploy-baseline', [{ op: 'add', path: '/spec/steps/0/env/-', value: setting }], { type: 'json' });
}

beforeAll(async () => {
  rig = await createStackRig();
  await rig.pushApp('api');
  await rig.writeStack({ name: 'shop', apps: { api: {} } });
  await shortenRollouts();
});
afterAll(async () => {
  expect(await rig.end()).toEqual([]);
});

/** What the steps of a run that failed said, as `run logs` shows it. */
async function failureOf(mode: 'bootstrap' | 'pr', stack: string, ...args: string[]): Promise<string> {
  const run = await rig.createRun(mode, stack, ...args);
  const outcome = await rig.finish(run);
  expect(outcome).toMatchObject({ succeeded: false, reason: 'Failed' });
  const { stdout } = await rig.cli('run', 'logs', run, '--namespace', RUN_NAMESPACE);
  return stdout;
}

describe.concurrent('a run that cannot be planned', () => {
  it('names repository and commit when the commit does not exist', async () => {
    const sha = 'deadbeef'.repeat(5);
    const said = await failureOf('pr', 'shop', '--app', 'api', '--pr', '7', '--sha', sha);
    expect(said).toMatch(new RegExp(`error\\[GIT_\\w+\\]: .*acme/api.*${sha}|error.*${sha}.*acme/api`));
  });

  it('names repository and branch when the branch does not exist', async () => {
    const said = await failureOf('bootstrap', 'shop', '--param', 'default-revision=no-such-branch');
    expect(said).toMatch(/error\[GIT_\w+\]: .*acme\/api/);
    expect(said).toContain('no-such-branch');
  });

  it('names the stack file that the platform repository does not have', async () => {
    const said = await failureOf('bootstrap', 'shop', '--stack-file', 'stacks/nowhere.yaml');
    expect(said).toContain('has no file stacks/nowhere.yaml');
  });

  it.each([
    ['telepresence', 'intercept-backend telepresence needs a Kubernetes cluster'],
    ['mirrord', 'intercept-backend mirrord needs a Kubernetes cluster'],
  ])(
    'gives the reason when the intercept backend is %s, which the local cluster cannot have',
    async (backend, reason) => {
      const sha = await rig.forge.git(['rev-parse', 'main'], `${rig.forge.directory}/work/${OWNER}/api`);
      const change = ['--app', 'api', '--pr', '7', '--sha', sha];
      const said = await failureOf('pr', 'shop', ...change, '--backend', backend);
      expect(said).toMatch(/error\[\w+\]/);
      expect(said).toContain(reason);
    },
  );
});

describe.concurrent(
  'a stack file that is not well written fails the run and shows file, line and column',
  () => {
    const files: Readonly<Record<string, string>> = {
      'not-yaml': 'name: "shop\napps: [\n',
      'bad-fields': `name: bad-fields
apps:
  - name: API
    repo: acme/api
    role: middleware
  - name: web
    repo: acme/web
    role: butler
    containr-port: 80
    service-port: 70000
    build:
      tool: scons
`,
      'bad-graph': `name: bad-graph
apps:
  - {name: a, repo: acme/a, role: middleware, downstream: [b]}
  - {name: b, repo: acme/b, role: middleware, downstream: [a]}
  - {name: b, repo: acme/b, role: middleware}
  - {name: c, repo: acme/c, role: middleware, downstream: [nobody]}
`,
    };

    async function problemsOf(name: string): Promise<string> {
      return await failureOf('bootstrap', 'shop', '--stack-file', `stacks/${name}.yaml`);
    }

    beforeAll(async () => {
      const paths = Object.entries(files).map(([name, text]) => [`stacks/${name}.yaml`, text]);
      await rig.pushPlatform(Object.fromEntries(paths));
    });

    it('when it is no YAML', async () => {
      expect(await problemsOf('not-yaml')).toMatch(
        /error\[PLATFORM_FILE_INVALID\]: stacks\/not-yaml.yaml:\d+:\d+: /,
      );
    });

    it('with a bad name, an unknown role, an unknown key, a bad port and an unknown tool', async () => {
      const said = await problemsOf('bad-fields');
      for (const place of ['3:11', '8:11', '9:5', '10:19', '12:13']) {
        expect(said).toContain(`stacks/bad-fields.yaml:${place}`);
      }
      expect(said).toContain('container-port');
    });

    it('with a cycle, a duplicate app and a downstream that is nobody', async () => {
      const said = await problemsOf('bad-graph');
      expect(said).toMatch(/bad-graph\.yaml:5:\d+.*b/);
      expect(said).toMatch(/bad-graph\.yaml:6:\d+.*nobody/);
      expect(said).toMatch(/bad-graph\.yaml:[34]:\d+.*a -> b -> a|b -> a -> b/);
    });
  },
);

describe.concurrent('an app that does not come up fails the bootstrap', () => {
  it('when it never listens, with its name, its last words and the time that it had', async () => {
    await rig.pushApp('mute', { 'behaviour.json': '{"listen":false}' });
    await rig.writeStack({ name: 'silence', apps: { mute: {} } });
    const said = await failureOf('bootstrap', 'silence');
    expect(said).toContain(`Deployment silence/mute was not ready within ${ROLLOUT_TIMEOUT_SECONDS} s`);
    expect(said).toContain('waiting for a database that will never come');
  });

  it('when it crashes at once, with its name and its last words', async () => {
    await rig.pushApp('fragile', { 'behaviour.json': '{"crash":"no DATABASE_URL, giving up"}' });
    await rig.writeStack({ name: 'crash', apps: { fragile: {} } });
    const said = await failureOf('bootstrap', 'crash');
    expect(said).toContain('Deployment crash/fragile');
    expect(said).toContain('no DATABASE_URL, giving up');
  });
});
