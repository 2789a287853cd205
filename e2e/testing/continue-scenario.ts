/** continueScenario: a run of a pull request that failed is continued where it failed, and again. */

import { kinds } from '@tekton-dag/kube';
import { LABEL, parseContinued, parseImages, type Continued, type Images } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainOutcome } from '../rig/explain-outcome.ts';
import type { RunOutcome } from '../rig/run-outcome.ts';
import type { SteeredProgram } from '../rig/steering.ts';
import type { OpenScenarioRig, ScenarioRig } from './scenario-rig.ts';

const APPS = ['front', 'middle', 'back'];

const buildsOf = ({ taskRuns }: RunOutcome): (string | undefined)[] =>
  taskRuns
    .filter(({ spec }) => spec.taskRef?.name?.startsWith('build-app') === true)
    .map(({ metadata }) => metadata.labels?.[LABEL.app]);

const tasksOf = ({ taskRuns }: RunOutcome): Set<string> =>
  new Set(taskRuns.flatMap(({ metadata }) => metadata.labels?.['tekton.dev/pipelineTask'] ?? []));

function imagesOf({ record }: RunOutcome): Images {
  const images = parseImages(record['images.json'] ?? '');
  if (!images.ok) throw new Error(images.error.message);
  return images.value;
}

function continuedOf({ record }: RunOutcome): Continued {
  const continued = parseContinued(record['continued.json'] ?? '');
  if (!continued.ok) throw new Error(continued.error.message);
  return continued.value;
}

const digestsOf = (run: RunOutcome): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(imagesOf(run)).map(([app, { digest }]) => [app, digest]));

const sessionOf = ({ record }: RunOutcome): unknown =>
  Object(JSON.parse(record['plan.json'] ?? '{}')).session;

/** Registers the tests; they build on one another. */
export function continueScenario(open: OpenScenarioRig): void {
  let rig: ScenarioRig;
  const runs: RunOutcome[] = [];
  const latest = (): RunOutcome => {
    const run = runs.at(-1);
    if (run === undefined) throw new Error('no run so far');
    return run;
  };

  /** The program of a run, or why the run ended without it. */
  async function programOf(run: string, name: string): Promise<SteeredProgram> {
    const program = rig.steering.next(name);
    const ended = rig.finish(run).then((outcome) => {
      throw new Error(`no program ${name} in ${explainOutcome(outcome)}`);
    });
    // The loser of the race rejects later; nobody waits for it.
    for (const loser of [program, ended]) loser.catch(() => undefined);
    return await Promise.race([program, ended]);
  }

  async function writeStack(): Promise<void> {
    const settings = (app: string, index: number): object => ({
      build: { tool: 'none', 'build-command': rig.steeredCommand(app) },
      downstream: APPS.slice(index + 1, index + 2),
      ...(index === 0 ? { tests: { command: rig.steeredCommand('test').split(' ') } } : {}),
    });
    const apps = Object.fromEntries(APPS.map((app, index) => [app, settings(app, index)]));
    await rig.writeStack({ name: 'again', apps });
  }

  async function bootstrap(): Promise<void> {
    for (const app of APPS) await rig.pushApp(app);
    const run = await rig.createRun('bootstrap', 'again');
    await Promise.all(APPS.map(async (app) => await (await programOf(run, app)).exit(0)));
    const outcome = await rig.finish(run);
    expect(outcome.succeeded, explainOutcome(outcome)).toBe(true);
  }

  /** Changes all apps; `args` are further arguments of `run create`. */
  async function createPullRequest(...args: string[]): Promise<string> {
    const files = { 'behaviour.json': '{"version":"2"}' };
    const shas: [string, string][] = [];
    for (const app of APPS) shas.push([app, await rig.pushApp(app, files, 'change')]);
    const revisions = `app-revisions=${JSON.stringify(Object.fromEntries(shas))}`;
    const params = [`changed-app=${APPS.join(',')}`, revisions, 'max-parallel-builds=1'];
    const change = ['--app', 'front', '--pr', '7', '--sha', shas[0]?.[1] ?? ''];
    const given = params.flatMap((param) => ['--param', param]);
    return await rig.createRun('pr', 'again', ...change, ...given, ...args);
  }

  async function rerun(from: string, ...args: string[]): Promise<string> {
    const done = await rig.cli('run', 'rerun', from, '-n', rig.namespace, ...args);
    expect(done, done.stderr).toMatchObject({ exitCode: 0 });
    return done.stdout.trim().replace(/^.*\//, '');
  }

  beforeAll(async () => {
    rig = await open();
    await writeStack();
    await bootstrap();
  });
  afterAll(async () => await rig[Symbol.asyncDispose]());

  describe('a run that failed', () => {
    it('leaves what it has built, when the last of three builds fails', async () => {
      const run = await createPullRequest('--force-rebuild');
      for (const app of ['front', 'middle']) await (await programOf(run, app)).exit(0);
      await (await programOf(run, 'back')).exit(3);
      runs.push(await rig.finish(run));
      expect(latest()).toMatchObject({ succeeded: false, reason: 'Failed' });
      expect(Object.keys(imagesOf(latest())).toSorted()).toEqual(['front', 'middle']);
    });

    it('is continued with the build that is missing, and none other', async () => {
      const failed = latest();
      const run = await rerun(failed.name);
      await (await programOf(run, 'back')).exit(0);
      await (await programOf(run, 'test')).exit(1);
      runs.push(await rig.finish(run));
      expect(latest().failedStepLogs.join('\n')).toContain('TESTS_FAILED');
      expect(buildsOf(latest())).toEqual(['back']);
      expect(continuedOf(latest())).toEqual({ from: failed.name, restartAt: 'build' });
      expect(digestsOf(latest())).toMatchObject(digestsOf(failed));
      expect(sessionOf(latest())).toBe(sessionOf(failed));
    });

    it('is continued at its tests without any build, when it is itself one that continued another', async () => {
      const failed = latest();
      const run = await rerun(failed.name);
      await (await programOf(run, 'test')).exit(0);
      runs.push(await rig.finish(run));
      expect(latest().succeeded, explainOutcome(latest())).toBe(true);
      expect(continuedOf(latest())).toEqual({ from: failed.name, restartAt: 'test' });
      expect(buildsOf(latest())).toEqual([]);
      expect(tasksOf(latest())).toEqual(new Set(['prepare', 'deploy-intercepts-gateway', 'test', 'cleanup']));
      expect(digestsOf(latest())).toEqual(digestsOf(failed));
      expect(JSON.parse(latest().record['propagation.json'] ?? '{}')).toMatchObject({ verdict: 'passed' });
    });

    it('is not continued once it has succeeded', async () => {
      const refused = await rig.cli('run', 'rerun', latest().name, '-n', rig.namespace);
      expect(refused.exitCode).toBe(3);
      expect(refused.stderr).toContain('has succeeded');
    });
  });

  describe('a PipelineRun of stack-pr-continue that was written by hand', () => {
    it.each([
      ['a run that has succeeded', () => latest().name, 'has succeeded (there is nothing to continue)'],
      ['no run', () => 'nobody', 'there is no run nobody in namespace'],
    ])('fails with the reason when it names %s', async (_what, from, reason) => {
      const [failed] = runs;
      const dry = await rig.cli('run', 'rerun', failed?.name ?? '', '-n', rig.namespace, '--dry-run');
      const params = [{ name: 'continue-from', value: from() }, ...imageParamsOf(dry.stdout)];
      const created = await rig.client.resource(kinds.pipelineruns, rig.namespace).create({
        apiVersion: 'tekton.dev/v1',
        kind: 'PipelineRun',
        metadata: { generateName: 'by-hand-', namespace: rig.namespace },
        spec: {
          pipelineRef: { name: 'stack-pr-continue' },
          params,
          taskRunTemplate: { serviceAccountName: 'tekton-dag-pipeline' },
        },
      });
      const outcome = await rig.finish(created.metadata?.name ?? '');
      expect(outcome).toMatchObject({ succeeded: false, record: {} });
      expect(outcome.failedStepLogs.join('\n')).toContain(`error[CONTINUE_REFUSED]: continue-from: `);
      expect(outcome.failedStepLogs.join('\n')).toContain(reason);
      expect(tasksOf(outcome)).toEqual(new Set(['prepare', 'cleanup']));
    });
  });
}

/** A cluster may need an image of this program that is not the default. */
function imageParamsOf(yaml: string): { name: string; value: string }[] {
  const image = /name: tekton-dag-image\s+value: (\S+)/.exec(yaml)?.[1];
  return image === undefined ? [] : [{ name: 'tekton-dag-image', value: image }];
}
