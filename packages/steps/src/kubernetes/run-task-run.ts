/** Makes a TaskRun, or adopts that of an earlier attempt, and waits for its end. */
import type { TaskRun } from '@tekton-dag/model';
import { isRefusal, kinds, waitFor, type KubeClient, type ResourceClient } from '@tekton-dag/kube';
import { StepFailure } from '../step-failure.ts';
import { explainLostPod } from './explain-lost-pod.ts';
import { explainWaiting } from './explain-waiting.ts';
import { taskRuns } from './run-kinds.ts';
import { tailPodLog } from './tail-pod-log.ts';
import { readTaskRunOutcome, type FailedTaskRun } from './task-run-outcome.ts';

export interface RunTaskRunOptions {
  /** What it is for people, e.g. `build of demo-api`. */
  readonly what: string;
  /** Code of the failure, e.g. `BUILD_FAILED`. */
  readonly code: string;
  readonly signal: AbortSignal;
  /** Called with each new reason for which the pod does not start. */
  readonly onWaiting?: (reason: string) => void;
}

/** TaskRuns have a timeout of their own (60 minutes by default); this one only guards against a dead controller. */
const WAIT_LIMIT_MS = 2 * 60 * 60_000;
const LOG_LINES = 12;

const createOrAdopt = async (client: ResourceClient<TaskRun>, taskRun: TaskRun): Promise<void> => {
  try {
    await client.create(taskRun);
  } catch (error) {
    if (!isRefusal(error, 'AlreadyExists')) throw error;
  }
};

interface Failure {
  readonly what: string;
  readonly code: string;
  readonly outcome: FailedTaskRun;
  /** Why its pod did not start, where it had to wait. */
  readonly waited: string | undefined;
}

/** Tekton itself deletes the pod when it cancels a TaskRun, or ends it for time or image; its reasons say so. */
const findLoss = async (client: KubeClient, { metadata, status }: TaskRun): Promise<string | undefined> => {
  const reason = status?.conditions?.find(({ type }) => type === 'Succeeded')?.reason ?? '';
  if (status?.podName === undefined || reason.startsWith('TaskRun')) return undefined;
  return explainLostPod(await client.resource(kinds.pods, metadata.namespace).get(status.podName));
};

/** The step's last lines, else Tekton's words. */
const findWords = async (
  client: KubeClient,
  { metadata: { namespace = '' }, status }: TaskRun,
  { step, message }: FailedTaskRun,
): Promise<string> => {
  if (status?.podName === undefined) return message;
  const container = step === undefined ? undefined : `step-${step}`;
  const tail = await tailPodLog(client, { namespace, pod: status.podName, container }, LOG_LINES);
  return tail.length > 0 ? tail.join(' | ') : message;
};

const explain = async (client: KubeClient, taskRun: TaskRun, failure: Failure): Promise<StepFailure> => {
  const { what, code, outcome, waited } = failure;
  const { namespace = '', name = '' } = taskRun.metadata;
  const { step, exitCode } = outcome;
  const waiting = waited === undefined || step !== undefined ? undefined : `it waited: ${waited}`;
  const words = await findWords(client, taskRun, outcome);
  const reasons = [words, await findLoss(client, taskRun), waiting].filter((text) => text !== undefined);
  const where = step === undefined ? '' : `, step ${step}`;
  const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
  return new StepFailure(`${what}${where} failed${exit}: ${reasons.join('; ')}`, {
    code,
    hint: `kubectl logs -n ${namespace} -l tekton.dev/taskRun=${name} --all-containers`,
  });
};

/** Calls `onWaiting` once for each reason in a row; `last` is the one told most recently. */
const watchWaiting = (
  client: KubeClient,
  onWaiting: (reason: string) => void,
): { look: (taskRun: TaskRun) => void; last: () => string | undefined } => {
  let last: string | undefined;
  const tell = (reason: string | undefined): void => {
    if (reason === undefined || reason === last) return;
    last = reason;
    onWaiting(reason);
  };
  return {
    // What cannot be found out now is asked again at the next change.
    look: (taskRun) => void explainWaiting(client, taskRun).then(tell, () => undefined),
    last: () => last,
  };
};

/** Returns the TaskRun as it succeeded; throws `code` naming the step and its last log lines. */
export const runTaskRun = async (
  client: KubeClient,
  taskRun: TaskRun,
  options: RunTaskRunOptions,
): Promise<TaskRun> => {
  const { what, code, signal } = options;
  const resource = client.resource(taskRuns, taskRun.metadata.namespace);
  signal.throwIfAborted();
  await createOrAdopt(resource, taskRun);
  const waiting = watchWaiting(client, options.onWaiting ?? (() => undefined));
  const isOver = (current: TaskRun): boolean => {
    waiting.look(current);
    return readTaskRunOutcome(current).state !== 'running';
  };
  const name = taskRun.metadata.name ?? '';
  const ended = await waitFor(resource, name, isOver, { timeoutMs: WAIT_LIMIT_MS, signal });
  if (!ended.ok) throw new StepFailure(`${what} did not end within 2 hours`, { code });
  const outcome = readTaskRunOutcome(ended.value);
  if (outcome.state === 'failed') {
    throw await explain(client, ended.value, { what, code, outcome, waited: waiting.last() });
  }
  return ended.value;
};
