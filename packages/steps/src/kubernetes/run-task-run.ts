/** Makes a TaskRun, or adopts that of an earlier attempt, and waits for its end. */
import type { TaskRun } from '@tekton-dag/model';
import { isRefusal, waitFor, type KubeClient, type ResourceClient } from '@tekton-dag/kube';
import { StepFailure } from '../step-failure.ts';
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

const explain = async (
  client: KubeClient,
  taskRun: TaskRun,
  { what, code, outcome, waited }: Failure,
): Promise<StepFailure> => {
  const { namespace = '', name = '' } = taskRun.metadata;
  const pod = taskRun.status?.podName;
  const container = outcome.step === undefined ? undefined : `step-${outcome.step}`;
  const tail = pod === undefined ? [] : await tailPodLog(client, { namespace, pod, container }, LOG_LINES);
  const where = outcome.step === undefined ? '' : `, step ${outcome.step}`;
  const exit = outcome.exitCode === undefined ? '' : ` (exit code ${outcome.exitCode})`;
  const said = tail.length > 0 ? tail.join(' | ') : outcome.message;
  const unstarted = waited === undefined || outcome.step !== undefined ? '' : `; it waited: ${waited}`;
  return new StepFailure(`${what}${where} failed${exit}: ${said}${unstarted}`, {
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
