/**
 * stack-pr-test on a real cluster, one app of three changed: wall time, each pod on the critical path, and what the
 * product's own steps take of it. Beside it, in the same run, a pipeline of as many empty tasks: the price of Tekton and
 * the node. Needs what `make test-cluster` needs.
 */

import { kinds, waitFor } from '@tekton-dag/kube';
import type { Pipeline, PipelineRun } from '@tekton-dag/model';
import { createClusterRig, type ClusterRig } from '../e2e/cluster/rig/cluster-rig.ts';
import { explainOutcome } from '../e2e/rig/explain-outcome.ts';
import { isOver } from '../e2e/rig/run-outcome.ts';
import { watchPodTimes, type PodTimes } from './cluster/watch-pod-times.ts';

const RUNS = Number(process.env['RUNS'] ?? 5);
const TIMEOUT_MS = 300_000;
const TOOK = /took (\d+) ms$/;
const WAITED = /waited (\d+) ms$/;
const LOG_LINES = 200;

const print = (line: object): void => console.log(JSON.stringify(line));

interface StepTimes {
  /** What the steps of a pod said that they took, from the start of their processes. */
  readonly stepsMs: number;
  /** Of that, for pods of the app to come up. */
  readonly waitedMs: number;
}

async function readStepTimes(rig: ClusterRig, pod: string): Promise<StepTimes> {
  const pods = rig.client.resource(kinds.pods, rig.namespace);
  const containers = (await pods.get(pod))?.spec?.containers ?? [];
  let [stepsMs, waitedMs] = [0, 0];
  for (const { name } of containers)
    for await (const line of pods.logs(pod, { container: name, tailLines: LOG_LINES })) {
      stepsMs += Number(TOOK.exec(line)?.[1] ?? 0);
      waitedMs += Number(WAITED.exec(line)?.[1] ?? 0);
    }
  return { stepsMs, waitedMs };
}

async function timeRun(
  rig: ClusterRig,
  start: () => Promise<string>,
): Promise<{ run: string; wallMs: number }> {
  const startedMs = performance.now();
  const run = await start();
  const runs = rig.client.resource<PipelineRun>(kinds.pipelineruns, rig.namespace);
  const ended = await waitFor(runs, run, isOver, { timeoutMs: TIMEOUT_MS });
  if (!ended.ok) throw new Error(`${run} did not end`);
  return { run, wallMs: Math.round(performance.now() - startedMs) };
}

async function printPod(rig: ClusterRig, run: string, times: PodTimes): Promise<void> {
  const { pod, createdMs, runningMs = createdMs, endedMs = runningMs } = times;
  const [startMs = 0, runMs = 0] = [runningMs - createdMs, endedMs - runningMs].map(Math.round);
  const stepTimes = await readStepTimes(rig, pod);
  print({ name: 'cluster-run/pod', pod: pod.slice(run.length + 1), startMs, runMs, ...stepTimes });
}

async function measurePullRequest(rig: ClusterRig, index: number): Promise<void> {
  const behaviour = JSON.stringify({ version: `bench-${index}` });
  const sha = await rig.pushApp('middle', { 'behaviour.json': behaviour }, `bench-${index}`);
  const change = `--app middle --repository acme/middle --pr ${index} --sha ${sha}`;
  const watched = await watchPodTimes(rig.client, rig.namespace);
  const { run, wallMs } = await timeRun(rig, () => rig.createRun('pr', 'shop', ...change.split(' ')));
  await watched.stop();
  const outcome = await rig.finish(run);
  if (!outcome.succeeded) throw new Error(explainOutcome(outcome));
  const ofRun = watched.times().filter(({ pod }) => pod.startsWith(run));
  for (const times of ofRun) await printPod(rig, run, times);
  print({ name: 'cluster-run/pull-request', wallMs, pods: ofRun.length });
}

const emptyPipeline = (namespace: string, image: string, tasks: number): Pipeline => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'Pipeline',
  metadata: { name: 'empty', namespace },
  spec: {
    tasks: Array.from({ length: tasks }, (_, index) => ({
      name: `task-${index}`,
      ...(index === 0 ? {} : { runAfter: [`task-${index - 1}`] }),
      taskSpec: { steps: [{ name: 'nothing', image, command: ['true'] }] },
    })),
  },
});

async function measureEmpty(rig: ClusterRig, tasks: number): Promise<void> {
  const pipeline = emptyPipeline(rig.namespace, rig.settings.image, tasks);
  await rig.client
    .resource(kinds.pipelines, rig.namespace)
    .apply(pipeline, { fieldManager: 'bench', force: true });
  const runs = rig.client.resource<PipelineRun>(kinds.pipelineruns, rig.namespace);
  const { wallMs } = await timeRun(rig, async () => {
    const run = await runs.create({
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: { generateName: 'empty-', namespace: rig.namespace },
      spec: { pipelineRef: { name: 'empty' } },
    });
    return run.metadata.name ?? '';
  });
  print({ name: 'cluster-run/empty-tasks', tasks, wallMs });
}

await using rig = await createClusterRig();
await rig.writeStack({
  name: 'shop',
  apps: { front: { downstream: ['middle'] }, middle: { downstream: ['back'] }, back: {} },
});
for (const app of ['front', 'middle', 'back']) await rig.pushApp(app);
const bootstrap = await rig.run('bootstrap', 'shop');
if (!bootstrap.succeeded) throw new Error(explainOutcome(bootstrap));
for (let index = 1; index <= RUNS; index += 1) {
  await measurePullRequest(rig, index);
  await measureEmpty(rig, 6);
}
