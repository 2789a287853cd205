/**
 * How fast the local cluster executes Tekton runs: a cluster in a process of its own, spoken to over its API. JSON lines:
 * `engine-step` {medianMs, p99Ms}: time per `true` step beyond starting and ending the bare program;
 * `engine-runs` {perSecond, durationMs, peakRssMb}: 200 PipelineRuns of 3 tasks in a row, queued at once.
 */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { withCluster } from './cluster/with-cluster.ts';

const TASK_RUNS = 40;
const STEPS_PER_TASK_RUN = 5;
const PIPELINE_RUNS = 200;
const NAMESPACE = 'default';
const TRUE_STEP = { image: 'busybox:1', command: ['true'] };

const runSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  status: z
    .looseObject({
      startTime: z.iso.datetime().optional(),
      completionTime: z.iso.datetime().optional(),
      conditions: z.array(z.looseObject({ status: z.string(), message: z.string() })).optional(),
    })
    .optional(),
});
type Run = z.infer<typeof runSchema>;

await withCluster(async (client, pid) => {
  await measureSteps(client);
  await measureRuns(client, pid);
});

/** One TaskRun at a time; the bare program's own time is taken off each step. */
async function measureSteps(client: KubeClient): Promise<void> {
  const bareMs: number[] = [];
  const taskRunMs: number[] = [];
  for (let index = 0; index < TASK_RUNS; index += 1) {
    const steps = Array.from({ length: STEPS_PER_TASK_RUN }, () => TRUE_STEP);
    const name = `steps-${index}`;
    await client.resource(kinds.taskruns, NAMESPACE).create({
      apiVersion: 'tekton.dev/v1',
      kind: 'TaskRun',
      metadata: { name },
      spec: { taskSpec: { steps } },
    });
    taskRunMs.push(durationOf(await finished(client, name)));
    for (const _step of steps) bareMs.push(await measureBare());
  }
  const bareMedianMs = quantile(bareMs, 0.5);
  const perStepMs = taskRunMs.map((durationMs) => durationMs / STEPS_PER_TASK_RUN - bareMedianMs);
  const medianMs = quantile(perStepMs, 0.5);
  const p99Ms = quantile(perStepMs, 0.99);
  const steps = TASK_RUNS * STEPS_PER_TASK_RUN;
  console.log(JSON.stringify({ name: 'engine-step', medianMs, p99Ms, bareMedianMs, steps }));
}

/** Starting and ending the program with nothing around it; interleaved, so that both feel the same machine. */
async function measureBare(): Promise<number> {
  const startMs = performance.now();
  await once(spawn('true'), 'close');
  return performance.now() - startMs;
}

async function measureRuns(client: KubeClient, pid: number): Promise<void> {
  const runs = client.resource(kinds.pipelineruns, NAMESPACE);
  const tasks = ['first', 'second', 'third'].map((name, index, names) => ({
    name,
    taskSpec: { steps: [TRUE_STEP] },
    ...(index > 0 && { runAfter: [names[index - 1]] }),
  }));
  const startMs = performance.now();
  const ended = allFinished(client, PIPELINE_RUNS);
  await Promise.all(
    Array.from({ length: PIPELINE_RUNS }, (_, index) =>
      runs.create({
        apiVersion: 'tekton.dev/v1',
        kind: 'PipelineRun',
        metadata: { name: `run-${index}` },
        spec: { pipelineSpec: { tasks } },
      }),
    ),
  );
  await ended;
  const durationMs = Math.round(performance.now() - startMs);
  const perSecond = Math.round((PIPELINE_RUNS / durationMs) * 100_000) / 100;
  console.log(
    JSON.stringify({
      name: 'engine-runs',
      perSecond,
      durationMs,
      runs: PIPELINE_RUNS,
      peakRssMb: peakRssMb(pid),
    }),
  );
}

/** Resolves when as many PipelineRuns have succeeded; throws on the first that failed. */
async function allFinished(client: KubeClient, count: number): Promise<void> {
  const done = new Set<string>();
  const stop = new AbortController();
  for await (const event of client.resource(kinds.pipelineruns, NAMESPACE).watch({ signal: stop.signal })) {
    if (event.type !== 'ADDED' && event.type !== 'MODIFIED') continue;
    const run = runSchema.parse(event.object);
    if (hasEnded(run)) done.add(run.metadata.name);
    if (done.size === count) break;
  }
  stop.abort();
}

async function finished(client: KubeClient, name: string): Promise<Run> {
  const stop = new AbortController();
  try {
    const events = client
      .resource(kinds.taskruns, NAMESPACE)
      .watch({ fieldSelector: `metadata.name=${name}`, signal: stop.signal });
    for await (const event of events) {
      if (event.type !== 'ADDED' && event.type !== 'MODIFIED') continue;
      const run = runSchema.parse(event.object);
      if (hasEnded(run)) return run;
    }
  } finally {
    stop.abort();
  }
  throw new Error(`the watch of ${name} ended`);
}

function hasEnded({ metadata, status }: Run): boolean {
  const [condition] = status?.conditions ?? [];
  if (condition?.status === 'False') throw new Error(`${metadata.name}: ${condition.message}`);
  return condition?.status === 'True';
}

function durationOf({ status }: Run): number {
  return Date.parse(status?.completionTime ?? '') - Date.parse(status?.startTime ?? '');
}

function peakRssMb(pid: number): number {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 100) / 100;
}
