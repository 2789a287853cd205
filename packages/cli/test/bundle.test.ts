import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleProgram } from '../../../scripts/bundle/bundle-program.ts';
import { createCliRig, kubeconfigFor, REPOSITORY, type CliRig } from './cli-rig.ts';

let directory: string;
let rig: CliRig;
let api: FakeApiServer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-bundle-'));
  await bundleProgram(REPOSITORY, join(directory, 'lib'));
  const program = join(directory, 'tekton-dag');
  await symlink('lib/tekton-dag.js', program);
  rig = await createCliRig(program);
  api = await startFakeApiServer();
}, 600_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** The bytes of the program, by name. */
async function readModules(of: string): Promise<Record<string, string>> {
  const names = (await readdir(of)).filter((name) => name.endsWith('.js')).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(of, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index] ?? '']));
}

const until = (text: () => string, part: string): Promise<void> =>
  expect.poll(text, { timeout: 40_000, interval: 10 }).toContain(part);

describe('the bundled program', () => {
  it('is the same, to the byte, however often it is made', async () => {
    const again = await mkdtemp(join(tmpdir(), 'tekton-dag-again-'));
    try {
      await bundleProgram(REPOSITORY, again);
      expect(await readModules(again)).toEqual(await readModules(join(directory, 'lib')));
    } finally {
      await rm(again, { recursive: true, force: true });
    }
  });

  it('names no directory of this machine', async () => {
    const modules = await readModules(join(directory, 'lib'));
    const naming = Object.entries(modules).filter(([, text]) => text.includes(REPOSITORY));
    expect(naming.map(([name]) => name)).toEqual([]);
  });

  it('carries the catalog', async () => {
    const { code, stdout } = await rig.run(['namespace', 'bootstrap', 'ci', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toContain('name: stack-pr-test');
  });

  it('tells its version', async () => {
    const { version }: { version: string } = JSON.parse(
      await readFile(join(REPOSITORY, 'package.json'), 'utf8'),
    );
    const { code, stdout } = await rig.run(['version']);
    expect(code).toBe(0);
    expect(stdout).toContain(`tekton-dag ${version} (node `);
  });

  it('checks a stack', async () => {
    const { code, stdout } = await rig.run(['stack', 'validate', 'stacks/stack-one.yaml'], {
      cwd: REPOSITORY,
    });
    expect(stdout).toBe('stacks/stack-one.yaml: VALID\n');
    expect(code).toBe(0);
  });

  it('loads every step', async () => {
    const { stderr } = await rig.run(['step', 'no-such-step']);
    const names = /steps are (?<names>.*)/.exec(stderr)?.groups?.['names']?.split(', ') ?? [];
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      const outcome = await rig.run(['step', name]);
      expect({ name, stderr: outcome.stderr }).toEqual({
        name,
        stderr: expect.stringMatching(/^error\[(?:STEP_ENV_INVALID|TEST_OUTCOME_INVALID)\]: .*\n$/),
      });
      expect([1, 3]).toContain(outcome.code);
    }
  });

  it('has newman for app tests of kind postman', async () => {
    const { scripts }: { scripts?: object } = JSON.parse(
      await readFile(join(directory, 'lib/node_modules/newman/package.json'), 'utf8'),
    );
    expect(scripts).toBeDefined();
    await expect(
      readFile(join(directory, 'lib/node_modules/newman/bin/newman.js'), 'utf8'),
    ).resolves.toContain('newman');
  });

  it('bears the terms of what is in it', async () => {
    const terms = await readFile(join(directory, 'lib/third-party-licenses.txt'), 'utf8');
    expect(terms).toMatch(/^zod [\d.]+ \(MIT\)$/m);
    expect(terms).toMatch(/^undici [\d.]+ \(MIT\)$/m);
  });

  it('asks a cluster that a kubeconfig in YAML names', async () => {
    const kubeconfig = [
      'apiVersion: v1',
      'current-context: test',
      `clusters: [{ name: k, cluster: { server: "${api.url}" } }]`,
      'contexts: [{ name: test, context: { cluster: k, namespace: ci } }]',
    ];
    const env = { KUBECONFIG: await rig.file('kubeconfig.yaml', kubeconfig.join('\n')) };
    const { code, stdout, stderr } = await rig.run(['run', 'list', '-o', 'yaml'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('kind: List');
  });

  it('serves webhooks on SQLite', async () => {
    const env = {
      KUBECONFIG: await rig.file('kubeconfig', kubeconfigFor(api.url)),
      TEKTON_DAG_LISTEN_PORT: '0',
      TEKTON_DAG_PLATFORM_DIR: REPOSITORY,
      TEKTON_DAG_STORE_URL: `sqlite:${rig.directory}/store.sqlite`,
      TEKTON_DAG_WEBHOOK_SECRET_FILE: await rig.file('secret', 'a'.repeat(32)),
      TEKTON_DAG_API_TOKEN_FILE: await rig.file('token', 'b'.repeat(32)),
    };
    const serve = rig.start(['serve'], { env });
    await until(serve.stderr, 'The orchestrator listens on http://127.0.0.1:');
    expect(await readdir(rig.directory)).toContain('store.sqlite');
    serve.child.kill('SIGTERM');
    expect(await serve.exited).toMatchObject({ code: 0 });
  });

  it('starts a router', async () => {
    const env = { KUBECONFIG: await rig.file('kubeconfig', kubeconfigFor(api.url)), ROUTER_TOKEN: 'token' };
    const args = ['router', '--bind-address', '127.0.0.1', '--admin-port', '0', '-n', 'staging'];
    const router = rig.start(args, { env });
    await until(router.stderr, 'The router serves namespace staging');
    router.child.kill('SIGTERM');
    expect(await router.exited).toMatchObject({ code: 0 });
  });
});
