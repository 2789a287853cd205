/** watchRun: calls back with a run and its TaskRuns whenever they change, until the run is done. */

import { createReflector, type Reflector, type ResourceClient } from '@tekton-dag/kube';
import { LABEL, type PipelineRun, type TaskRun } from '@tekton-dag/model';
import type { Cluster } from '../open-cluster.ts';
import { mergeTaskRuns } from './list-task-runs.ts';
import { runsOf, taskRuns } from './pipeline-runs.ts';
import { isDone, runStateOf } from './run-state.ts';

export interface RunSnapshot {
  /** Undefined when the run has been deleted. */
  readonly run: PipelineRun | undefined;
  readonly taskRuns: readonly TaskRun[];
}

export interface WatchRunOptions {
  readonly signal: AbortSignal;
  readonly onChange: (snapshot: RunSnapshot) => void;
  /** Told of trouble with the connection; the watch goes on. */
  readonly onError: (error: unknown, retryInMs: number) => void;
}

/** Resolves with the last snapshot when the run is done, gone, or the signal aborts. */
export async function watchRun(
  cluster: Cluster,
  name: string,
  options: WatchRunOptions,
): Promise<RunSnapshot> {
  const { onError } = options;
  await using runs = createReflector(runsOf(cluster), { fieldSelector: `metadata.name=${name}`, onError });
  await using ofTekton = createReflector(tasksOf(cluster), {
    labelSelector: `tekton.dev/pipelineRun=${name}`,
    onError,
  });
  await using ofBuild = createReflector(tasksOf(cluster), { labelSelector: `${LABEL.run}=${name}`, onError });
  const snapshot = (): RunSnapshot => ({
    run: runs.items()[0],
    taskRuns: mergeTaskRuns([ofTekton.items(), ofBuild.items()]),
  });
  return await observe({ runs, taskRuns: [ofTekton, ofBuild] }, snapshot, options);
}

function tasksOf({ client, namespace }: Cluster): ResourceClient<TaskRun> {
  return client.resource(taskRuns, namespace);
}

interface Watched {
  readonly runs: Reflector<PipelineRun>;
  readonly taskRuns: readonly Reflector<TaskRun>[];
}

async function observe(
  { runs, taskRuns }: Watched,
  snapshot: () => RunSnapshot,
  { signal, onChange }: WatchRunOptions,
): Promise<RunSnapshot> {
  const reflectors = [runs, ...taskRuns];
  const aborted = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => aborted.resolve(), { once: true });
  if (signal.aborted) aborted.resolve();
  for (const reflector of reflectors) reflector.start();
  await Promise.race([Promise.all(reflectors.map(({ synced }) => synced)), aborted.promise]);
  const look = (): void => {
    const now = snapshot();
    if (isOver(now)) over.resolve();
    else onChange(now);
  };
  for (const reflector of reflectors) reflector.onKey(look);
  if (!signal.aborted) look();
  await Promise.race([over.promise, aborted.promise]);
  // Each watch is a connection of its own: what the end of the run rests on may still be on its way.
  await Promise.race([Promise.all(taskRuns.map((reflector) => reflector.refresh())), aborted.promise]);
  const last = snapshot();
  if (!signal.aborted) onChange(last);
  return last;
}

function isOver({ run }: RunSnapshot): boolean {
  return run === undefined || isDone(runStateOf(run.status?.conditions));
}
