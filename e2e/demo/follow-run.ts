/** Follows a run live and hands back what it left: its verdict and its run record. */

import { createReflector, kinds, type KubeClient } from '@tekton-dag/kube';
import { LABEL, type PipelineRun, type TaskRun } from '@tekton-dag/model';
import { RUN_NAMESPACE, type Stage } from './start-stage.ts';

export interface FollowedRun {
  readonly name: string;
  /** Session label; empty for modes without one. */
  readonly session: string;
  readonly succeeded: boolean;
  readonly message: string;
  readonly seconds: number;
  /** Keys of the run record, each a JSON text. */
  readonly record: Readonly<Record<string, string>>;
}

const runsOf = (client: KubeClient) => client.resource<PipelineRun>(kinds.pipelineruns, RUN_NAMESPACE);

function secondsOf({ status }: PipelineRun): number {
  const from = Date.parse(status?.startTime ?? '');
  const until = Date.parse(status?.completionTime ?? '');
  return Number.isNaN(until - from) ? 0 : (until - from) / 1000;
}

/** Shows the run until it is done; exit code 1 of the watch is a failed run, which is an outcome. */
export async function followRun(stage: Stage, name: string): Promise<FollowedRun> {
  const { exitCode } = await stage.cli(['run', 'watch', name, '--namespace', RUN_NAMESPACE], true);
  if (exitCode > 1) throw new Error(`run ${name} could not be followed (exit code ${exitCode})`);
  const run = await runsOf(stage.client).get(name);
  if (run === undefined) throw new Error(`run ${name} is gone`);
  const record = await stage.client.resource(kinds.configmaps, RUN_NAMESPACE).get(name);
  return { ...judgeRun(run), name, record: record?.data ?? {} };
}

function judgeRun(run: PipelineRun): Omit<FollowedRun, 'name' | 'record'> {
  const { status, message = '' } = run.status?.conditions?.find(({ type }) => type === 'Succeeded') ?? {
    status: 'Unknown',
  };
  const session = run.metadata.labels?.[LABEL.session] ?? '';
  return { session, succeeded: status === 'True', message, seconds: secondsOf(run) };
}

/** Resolves when a task of the run has succeeded; rejects when the run ends without it, or the demo is interrupted. */
export async function waitForTask(
  { client, signal }: Pick<Stage, 'client' | 'signal'>,
  run: string,
  task: string,
): Promise<void> {
  const taskRuns = client.resource<TaskRun>(kinds.taskruns, RUN_NAMESPACE);
  const labelSelector = `tekton.dev/pipelineRun=${run}`;
  await using reflector = createReflector(taskRuns, { labelSelector });
  await using runs = createReflector(runsOf(client), { fieldSelector: `metadata.name=${run}` });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const check = (): void => {
    const found = reflector
      .items()
      .find(({ metadata }) => metadata.labels?.['tekton.dev/pipelineTask'] === task);
    const done = (object: TaskRun | PipelineRun | undefined): string | undefined =>
      object?.status?.conditions?.find(({ type }) => type === 'Succeeded')?.status;
    if (done(found) === 'True') resolve();
    const ended = done(runs.items()[0]);
    if (ended === 'True' || ended === 'False') reject(new Error(`run ${run} ended before ${task} succeeded`));
  };
  for (const source of [reflector, runs]) {
    source.on(check);
    source.start();
  }
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  await promise.finally(() => signal.removeEventListener('abort', abort));
}
