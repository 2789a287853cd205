/** Runs on a real cluster that are cancelled, or lose their pod, at each of their stages. */

import { kinds } from '@tekton-dag/kube';
import { LABEL, type PipelineRun, type TaskRun } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStackAnswer } from '../rig/ask-stack.ts';
import { explainOutcome } from '../rig/explain-outcome.ts';
import type { SteeredProgram } from '../rig/steering.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';

const CLEAN_TIMEOUT_MS = 60_000;
const STAGE_TIMEOUT_MS = 600_000;
const BOOTSTRAP_TIMEOUT_MS = 900_000;
const BASELINE = 'front 1 -> middle 1';

let rig: ClusterRig;
let pullRequest = 0;
/** The program that holds the run at its stage, where one does. */
let held: SteeredProgram | undefined;

const stack = (middle: object): { name: string; apps: Record<string, object> } => ({
  name: 'shop',
  apps: { front: { downstream: ['middle'] }, middle },
});

beforeAll(async () => {
  rig = await createClusterRig();
  await rig.writeStack(stack({}));
  for (const app of ['front', 'middle']) await rig.pushApp(app);
  const bootstrap = await rig.run('bootstrap', 'shop');
  expect(bootstrap.succeeded, explainOutcome(bootstrap)).toBe(true);
}, BOOTSTRAP_TIMEOUT_MS);
afterAll(() => rig?.[Symbol.asyncDispose]());

/** How a pull request is held at a stage, and how the test knows that it is there. */
interface Stage {
  readonly task: string;
  readonly middle?: () => object;
  readonly behaviour?: object;
  readonly reached: (run: string) => Promise<boolean>;
}

const steered = (name: string) => async (): Promise<boolean> => {
  held = await rig.steering.next(name);
  return true;
};

async function hasPod(run: string, task: string): Promise<boolean> {
  const { items } = await rig.client.resource<TaskRun>(kinds.taskruns, rig.namespace).list({
    labelSelector: `tekton.dev/pipelineRun=${run},tekton.dev/pipelineTask=${task}`,
  });
  return items.some(({ status }) => status?.podName !== undefined);
}

const deploymentsOf = async (run: string): Promise<number> => {
  const labelSelector = `${LABEL.run}=${run},${LABEL.session}`;
  const { items } = await rig.client.resource(kinds.deployments, rig.appsNamespace).list({ labelSelector });
  return items.length;
};

const STAGES: Readonly<Record<string, Stage>> = {
  prepare: { task: 'prepare', reached: (run) => hasPod(run, 'prepare') },
  build: {
    task: 'build',
    middle: () => ({ build: { tool: 'none', 'build-command': rig.steeredCommand('build') } }),
    reached: steered('build'),
  },
  deploy: {
    task: 'deploy-intercepts-gateway',
    behaviour: { startDelayMs: 20_000 },
    reached: async (run) => (await deploymentsOf(run)) > 0,
  },
  verify: {
    task: 'deploy-intercepts-gateway',
    behaviour: { delayMs: 4_000 },
    reached: async (run) =>
      (await rig.client.resource(kinds.configmaps, rig.namespace).get(run))?.data?.['intercepts.json'] !==
      undefined,
  },
  test: {
    task: 'test',
    middle: () => ({ tests: { command: rig.steeredCommand('test').split(' ') } }),
    reached: steered('test'),
  },
};

/** Starts a pull request and waits until it is at the stage. */
async function runTo({ middle, behaviour, reached }: Stage): Promise<string> {
  pullRequest += 1;
  held = undefined;
  await rig.writeStack(stack(middle?.() ?? {}));
  const text = JSON.stringify({ version: `pr-${pullRequest}`, ...behaviour });
  const sha = await rig.pushApp('middle', { 'behaviour.json': text }, `pr-${pullRequest}`);
  const change = `--app middle --repository acme/middle --pr ${pullRequest} --sha ${sha}`;
  const run = await rig.createRun('pr', 'shop', ...change.split(' '));
  await expect.poll(() => reached(run), { timeout: STAGE_TIMEOUT_MS, interval: 200 }).toBe(true);
  return run;
}

/** Names of all that a run may leave in the apps' namespace. */
async function leftovers(run: string): Promise<string[]> {
  const definitions = [kinds.httproutes, kinds.services, kinds.deployments, kinds.pods, kinds.leases];
  const labelSelector = `${LABEL.run}=${run},${LABEL.session}`;
  const lists = await Promise.all(
    definitions.map(async (definition) => {
      const { items } = await rig.client
        .resource({ ...definition }, rig.appsNamespace)
        .list({ labelSelector });
      return items.map(({ metadata }) => `${definition.kind} ${metadata?.name ?? ''}`);
    }),
  );
  return lists.flat();
}

async function expectNothingLeft(run: string): Promise<void> {
  await expect.poll(() => leftovers(run), { timeout: CLEAN_TIMEOUT_MS }).toEqual([]);
  expect(describeStackAnswer(await rig.ask('front'))).toBe(BASELINE);
}

describe('a pull request run on a real cluster', () => {
  it.each(Object.keys(STAGES))(
    'that is cancelled in %s leaves nothing, and the baseline as it was',
    async (name) => {
      const stage = STAGES[name];
      if (stage === undefined) throw new Error(name);
      const run = await runTo(stage);
      expect(await rig.cli('run', 'cancel', run, '-n', rig.namespace)).toMatchObject({ exitCode: 0 });
      const outcome = await rig.finish(run);
      expect(outcome, explainOutcome(outcome)).toMatchObject({ succeeded: false, reason: 'Cancelled' });
      await expectNothingLeft(run);
      const record = rig.client.resource(kinds.configmaps, rig.namespace);
      await expect.poll(() => record.get(run), { timeout: CLEAN_TIMEOUT_MS }).toBeUndefined();
    },
  );

  it.each(['build', 'deploy', 'verify', 'test'])(
    'whose pod is deleted in %s ends, and leaves nothing',
    async (name) => {
      const stage = STAGES[name];
      if (stage === undefined) throw new Error(name);
      const run = await runTo(stage);
      const pods = rig.client.resource(kinds.pods, rig.namespace);
      const { items } = await pods.list({
        labelSelector: `tekton.dev/pipelineRun=${run},tekton.dev/pipelineTask=${stage.task}`,
      });
      rig.steering.letAllExit(0);
      for (const { metadata } of items) await pods.delete(metadata?.name ?? '', { gracePeriodSeconds: 0 });
      // Tekton makes the pod again; a build that goes on meanwhile is taken up by it.
      void held?.exit(0);
      const outcome = await rig.finish(run);
      rig.steering.holdAll();
      expect(items).toHaveLength(1);
      expect(['Succeeded', 'Completed', 'Failed'], explainOutcome(outcome)).toContain(outcome.reason);
      await expectNothingLeft(run);
    },
  );

  it('that is deleted while it runs leaves no pod that builds', async () => {
    const stage = STAGES['build'];
    if (stage === undefined) throw new Error('build');
    const run = await runTo(stage);
    await rig.client.resource<PipelineRun>(kinds.pipelineruns, rig.namespace).delete(run);
    const labelSelector = `${LABEL.run}=${run}`;
    const pods = async (): Promise<number> =>
      (await rig.client.resource(kinds.pods, rig.namespace).list({ labelSelector })).items.length;
    await expect.poll(pods, { timeout: STAGE_TIMEOUT_MS }).toBe(0);
    await expectNothingLeft(run);
  });
});
