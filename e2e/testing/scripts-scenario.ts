/** scriptsScenario: the way of a newcomer through the scripts: a namespace, a stack, a pull request, and one that fails. */

import { kinds } from '@tekton-dag/kube';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { awaitRun } from '../rig/run-outcome.ts';
import { runScript, type ScriptOutcome } from '../rig/run-script.ts';
import type { ScenarioRig } from './scenario-rig.ts';

export interface ScriptsRig extends ScenarioRig {
  readonly appsNamespace: string;
  readonly teamFile: string;
  /** The platform repository's working tree, where the scripts are called. */
  readonly platformDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of every script that starts runs, e.g. the image of this program. */
  readonly runArgs: readonly string[];
}

const RUN_TIMEOUT_MS = 480_000;

const runNamesIn = (text: string): string[] =>
  [...text.matchAll(/^pipelinerun\.tekton\.dev\/(\S+)$/gm)].map(([, name = '']) => name);

const ending = (lines: string): string[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => line.split(' ').at(-1) ?? '');

/** Registers the tests; they build on one another. */
export function scriptsScenario(open: () => Promise<ScriptsRig>): void {
  const namespace = `tekton-dag-test-${randomBytes(4).toString('hex')}`;
  const production = `${namespace}-production`;
  let rig: ScriptsRig;
  let failed: string;

  const script = (name: string, ...args: string[]): Promise<ScriptOutcome> =>
    runScript(name, args, { cwd: rig.platformDir, env: rig.env });

  const bootstrapArgs = (): string[] => [namespace, '--apps-namespace', rig.appsNamespace];

  async function pushStack(): Promise<void> {
    const tests = { command: rig.steeredCommand('test').split(' ') };
    await rig.writeStack({ name: 'tour', apps: { front: { downstream: ['back'], tests }, back: {} } });
    for (const app of ['front', 'back']) await rig.pushApp(app);
  }

  beforeAll(async () => {
    rig = await open();
    await pushStack();
  });
  afterAll(async () => {
    for (const name of [namespace, production]) await rig.client.resource(kinds.namespaces).delete(name);
    await rig[Symbol.asyncDispose]();
  });

  describe('bootstrap-namespace.sh', () => {
    it('prints with --dry-run what it would make, and makes nothing', async () => {
      const dry = await script('bootstrap-namespace', ...bootstrapArgs(), '--dry-run');
      expect(dry, dry.stderr).toMatchObject({ code: 0 });
      expect(dry.stdout).toContain('kind: PersistentVolumeClaim');
      expect(await rig.client.resource(kinds.namespaces).get(namespace)).toBeUndefined();
    });

    it('makes a namespace that doctor has nothing to say against', async () => {
      const made = await script('bootstrap-namespace', ...bootstrapArgs());
      expect(made, made.stderr).toMatchObject({ code: 0 });
      expect(made.stdout).toContain(`namespace/${namespace} created\n`);
      const args = ['-n', namespace, '--apps-namespace', rig.appsNamespace, '-o', 'json'];
      const { checks }: { checks: { state: string; name: string }[] } = JSON.parse(
        (await rig.cli('doctor', ...args)).stdout,
      );
      expect(checks.filter(({ state }) => state === 'missing')).toEqual([]);
      expect(checks.map(({ name }) => name)).toContain(`deployer in ${rig.appsNamespace}`);
    });

    it('changes nothing when it is called again', async () => {
      const again = await script('bootstrap-namespace', ...bootstrapArgs());
      expect(new Set(ending(again.stdout))).toEqual(new Set(['kept', 'unchanged']));
      expect(await rig.cli('catalog', 'diff', '-n', namespace)).toMatchObject({ exitCode: 0, stdout: '' });
    });
  });

  describe('promote-pipelines.sh', () => {
    it('brings to another namespace what the first one holds, and not what the checkout holds', async () => {
      const tasks = rig.client.resource(kinds.tasks, namespace);
      await tasks.patch('test', { spec: { description: 'tried here' } }, { type: 'merge' });
      await rig.client
        .resource(kinds.namespaces)
        .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: production } });
      const promoted = await script('promote-pipelines', '--from', namespace, '--to', production);
      expect(promoted, promoted.stderr).toMatchObject({ code: 0 });
      expect(await rig.client.resource(kinds.tasks, production).get('test')).toMatchObject({
        spec: { description: 'tried here' },
      });
    });

    it('says what differs, and with --dry-run leaves it', async () => {
      const tasks = rig.client.resource(kinds.tasks, production);
      await tasks.patch('test', { spec: { description: 'older' } }, { type: 'merge' });
      const args = ['--from', namespace, '--to', production];
      const dry = await script('promote-pipelines', ...args, '--dry-run');
      expect(dry.stdout).toBe('task/test differs\n  spec.description: "older" -> "tried here"\n');
      expect(await tasks.get('test')).toMatchObject({ spec: { description: 'older' } });
      expect((await script('promote-pipelines', ...args)).stdout).toContain('task/test configured\n');
      expect((await script('promote-pipelines', ...args)).stdout).toMatch(/has the same \d+ tasks/);
    });

    it('refuses a namespace that is not there, and one without a catalog', async () => {
      const nowhere = await script('promote-pipelines', '--from', `${namespace}-x`, '--to', production);
      expect(nowhere).toMatchObject({ code: 3, stdout: '' });
      expect(nowhere.stderr).toContain(`there is no namespace ${namespace}-x`);
      const empty = await script('promote-pipelines', '--from', 'default', '--to', production);
      expect(empty).toMatchObject({ code: 3, stdout: '' });
      expect(empty.stderr).toContain('namespace default holds no catalog');
    });
  });

  const common = (): string[] => [
    '--stack',
    'tour.yaml',
    '--team',
    rig.teamFile,
    '--namespace',
    namespace,
    ...rig.runArgs,
  ];

  describe('run-e2e-with-intercepts.sh', () => {
    it('says what the cluster lacks before it starts anything', async () => {
      const change = ['--changed-app', 'back', '--repository', 'acme/back'];
      const elsewhere = [...change, '--namespace', production];
      const refused = await script('run-e2e-with-intercepts', ...common(), ...elsewhere);
      expect(refused).toMatchObject({ code: 4, stdout: '' });
      expect(refused.stderr).toContain('✗ service accounts: no tekton-dag-pipeline, tekton-dag-build');
    });

    it(
      'bootstraps the stack, runs a pull request through it, and tells the verdicts',
      async () => {
        const sha = await rig.pushApp('back', { 'behaviour.json': '{"version":"2"}' }, 'good');
        const change = ['--changed-app', 'back', '--repository', 'acme/back', '--pr', '3'];
        rig.steering.letAllExit(0);
        const done = await script(
          'run-e2e-with-intercepts',
          ...common(),
          ...change,
          '--app-revision',
          `back:${sha}`,
        );
        expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 });
        expect(runNamesIn(done.stdout)).toEqual([
          expect.stringMatching(/^stack-bootstrap-/),
          expect.stringMatching(/^stack-pr-3-/),
        ]);
        expect(done.stdout).toMatch(/\npropagation: passed\noriginal traffic: passed\ntests: passed\n$/);
      },
      RUN_TIMEOUT_MS,
    );
  });

  describe('generate-run.sh', () => {
    it('creates with --apply what it prints without', async () => {
      const sha = await rig.pushApp('back', { 'behaviour.json': '{"version":"3"}' }, 'untested');
      const change = ['--mode', 'pr', '--app', 'back', '--repository', 'acme/back', '--pr', '4'];
      const args = [...common(), ...change, '--app-revision', `back:${sha}`];
      const printed: { metadata: object; spec: object } = parse(
        (await script('generate-run', ...args)).stdout,
      );
      rig.steering.letAllExit(1);
      const applied = await script('generate-run', ...args, '--apply');
      expect(applied, applied.stderr).toMatchObject({ code: 0 });
      [failed = ''] = runNamesIn(applied.stdout);
      const created = await rig.client.resource(kinds.pipelineruns, namespace).get(failed);
      expect(created).toMatchObject(printed);
    });
  });

  describe('rerun-pr-from.sh', () => {
    it(
      'continues the run once it has failed, with the image that it had built',
      async () => {
        const outcome = await awaitRun(rig.client, { namespace, name: failed, timeoutMs: RUN_TIMEOUT_MS });
        expect(outcome.succeeded, explainOutcome(outcome)).toBe(false);
        const dry = await script('rerun-pr-from', failed, '--namespace', namespace, '--dry-run');
        expect(dry.stdout).toContain(`value: ${failed}\n`);
        rig.steering.letAllExit(0);
        const done = await script('rerun-pr-from', failed, '--namespace', namespace);
        expect(done, done.stdout + done.stderr).toMatchObject({ code: 0 });
        const [name = ''] = runNamesIn(done.stdout);
        const continued = await awaitRun(rig.client, { namespace, name });
        const builds = continued.taskRuns.filter(({ spec }) => spec.taskRef?.name?.startsWith('build-app'));
        expect({ succeeded: continued.succeeded, builds }).toEqual({ succeeded: true, builds: [] });
      },
      RUN_TIMEOUT_MS,
    );

    it('refuses a run that is not there', async () => {
      const refused = await script('rerun-pr-from', 'nobody', '--namespace', namespace);
      expect(refused).toMatchObject({ code: 3, stdout: '' });
      expect(refused.stderr).toContain(`there is no run nobody in namespace ${namespace}`);
    });
  });
}
