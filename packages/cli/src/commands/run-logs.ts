/** runLogs: the logs of a run's steps, task by task. */

import { isRefusal, kinds } from '@tekton-dag/kube';
import { LABEL, type TaskRun } from '@tekton-dag/model';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type Cluster, type ClusterOptions } from '../open-cluster.ts';
import { getRun } from '../run/pipeline-runs.ts';
import { isDone, runStateOf } from '../run/run-state.ts';
import { watchRun } from '../run/watch-run.ts';
import { listTaskRuns } from '../run/list-task-runs.ts';

export interface RunLogsOptions extends ClusterOptions {
  readonly follow?: boolean;
  /** Pipeline task or app. */
  readonly task?: string;
  readonly step?: string;
  readonly tail?: number;
}

/** Each line is prefixed with `[task step]`; with `--follow` as they come, until the run is done. */
export async function runLogs(host: CliHost, name: string, options: RunLogsOptions): Promise<number> {
  await using cluster = await openCluster(host, options);
  const run = await getRun(cluster, name);
  const following = options.follow === true && !isDone(runStateOf(run.status?.conditions));
  if (following) await followLogs(host, cluster, name, options);
  else await printLogs(host, cluster, await listTaskRuns(cluster, name), options);
  return host.signal.aborted ? EXIT.interrupted : EXIT.ok;
}

async function printLogs(
  host: CliHost,
  cluster: Cluster,
  taskRuns: readonly TaskRun[],
  options: RunLogsOptions,
): Promise<void> {
  const sources = taskRuns.toSorted(byStart).flatMap((taskRun) => sourcesOf(taskRun, options));
  for (const source of sources) await printSource(host, cluster, source, options);
}

/** Starts each step's stream when its container has started; streams run side by side, so lines interleave. */
async function followLogs(
  host: CliHost,
  cluster: Cluster,
  name: string,
  options: RunLogsOptions,
): Promise<void> {
  const streams = new Map<string, Promise<void>>();
  await watchRun(cluster, name, {
    signal: host.signal,
    onChange: ({ taskRuns }) => {
      for (const source of taskRuns.flatMap((taskRun) => sourcesOf(taskRun, options))) {
        const key = `${source.pod}/${source.container}`;
        if (source.started && !streams.has(key))
          streams.set(key, printSource(host, cluster, source, options));
      }
    },
    onError: (error) => host.stderr.write(`${String(error)}\n`),
  });
  await Promise.all(streams.values());
}

interface LogSource {
  readonly pod: string;
  readonly container: string;
  readonly label: string;
  readonly started: boolean;
}

function sourcesOf(taskRun: TaskRun, { task, step }: RunLogsOptions): LogSource[] {
  const { podName: pod, steps = [] } = taskRun.status ?? {};
  const { names, label } = describeTask(taskRun);
  if (pod === undefined || (task !== undefined && !names.includes(task))) return [];
  const wanted = steps.filter(({ name }) => step === undefined || name === step);
  return wanted.map(({ name = '', container = `step-${name}`, running, terminated }) => ({
    pod,
    container,
    label: `${label} ${name}`,
    started: running !== undefined || terminated !== undefined,
  }));
}

/** What `--task` may call it, and what its lines are marked with. */
function describeTask({ metadata: { name = '', labels = {} } }: TaskRun): { names: string[]; label: string } {
  const { [LABEL.app]: app = name, 'tekton.dev/pipelineTask': task } = labels;
  return { names: [name, app, task ?? 'build'], label: task ?? `build-app ${app}` };
}

async function printSource(
  host: CliHost,
  { client, namespace }: Cluster,
  { pod, container, label }: LogSource,
  { follow, tail }: RunLogsOptions,
): Promise<void> {
  const logs = client.resource(kinds.pods, namespace).logs(pod, {
    container,
    follow,
    tailLines: tail,
    signal: host.signal,
  });
  try {
    for await (const line of logs) host.stdout.write(`[${label}] ${line}\n`);
  } catch (error) {
    if (host.signal.aborted) return;
    // The pod is gone, or the step never started: there is no log, and the other steps still have theirs.
    if (!isRefusal(error, 'NotFound') && !isRefusal(error, 'BadRequest')) throw error;
    host.stderr.write(`no log of ${label}: ${error.message}\n`);
  }
}

function byStart(left: TaskRun, right: TaskRun): number {
  return (left.status?.startTime ?? '').localeCompare(right.status?.startTime ?? '');
}
