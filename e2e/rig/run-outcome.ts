/** How a run of a test ended: its verdict, its record, and what its steps said. */

import { kinds, waitFor, type KubeClient } from '@tekton-dag/kube';
import { LABEL, type PipelineRun, type TaskRun } from '@tekton-dag/model';
import { readFailedSteps } from './read-failed-steps.ts';

export interface RunOutcome {
  readonly name: string;
  readonly succeeded: boolean;
  /** Of the condition, e.g. `Failed`, `Cancelled`. */
  readonly reason: string;
  readonly message: string;
  /** Keys of the run record, each a JSON text. */
  readonly record: Readonly<Record<string, string>>;
  /** TaskRuns of the run, those of builds and hooks too. */
  readonly taskRuns: readonly TaskRun[];
  /** The last lines of each step that failed, while its pod was there. */
  readonly failedStepLogs: readonly string[];
}

const RUN_TIMEOUT_MS = 240_000;

const conditionOf = ({ status }: PipelineRun | TaskRun) =>
  status?.conditions?.find(({ type }) => type === 'Succeeded');

export const isOver = (run: PipelineRun | TaskRun): boolean =>
  ['True', 'False'].includes(conditionOf(run)?.status ?? '');

export interface AwaitedRun {
  readonly namespace: string;
  readonly name: string;
  readonly timeoutMs?: number | undefined;
}

/** Waits for the end of the run; throws when it does not come. */
export async function awaitRun(client: KubeClient, awaited: AwaitedRun): Promise<RunOutcome> {
  const { namespace, name, timeoutMs = RUN_TIMEOUT_MS } = awaited;
  const runs = client.resource<PipelineRun>(kinds.pipelineruns, namespace);
  const ended = await waitFor(runs, name, isOver, { timeoutMs });
  if (!ended.ok) {
    const conditions = ended.error.last?.status?.conditions ?? 'no status';
    throw new Error(`run ${name} did not end: ${JSON.stringify(conditions)}`);
  }
  return await readOutcome(client, namespace, ended.value);
}

async function readOutcome(client: KubeClient, namespace: string, run: PipelineRun): Promise<RunOutcome> {
  const { status, reason = '', message = '' } = conditionOf(run) ?? {};
  const name = run.metadata.name ?? '';
  const record = await client.resource(kinds.configmaps, namespace).get(name);
  const taskRuns = await listTaskRuns(client, namespace, name);
  return {
    name,
    succeeded: status === 'True',
    reason,
    message,
    record: record?.data ?? {},
    taskRuns,
    failedStepLogs: status === 'True' ? [] : await readFailedSteps(client, namespace, taskRuns),
  };
}

/** The TaskRuns of the pipeline's tasks, and those that its steps made: builds and hooks. */
async function listTaskRuns(client: KubeClient, namespace: string, run: string): Promise<TaskRun[]> {
  const taskRuns = client.resource<TaskRun>(kinds.taskruns, namespace);
  const lists = await Promise.all(
    ['tekton.dev/pipelineRun', LABEL.run].map((label) => taskRuns.list({ labelSelector: `${label}=${run}` })),
  );
  const all = lists.flatMap(({ items }) => items);
  return [...new Map(all.map((item) => [item.metadata.name, item])).values()];
}
