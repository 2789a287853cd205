/** Builds one app: makes its TaskRun, or adopts that of an earlier attempt, and waits for its end. */
import type { PlannedBuild, TaskRun } from '@tekton-dag/model';
import { isRefusal, waitFor, type KubeClient, type ResourceClient } from '@tekton-dag/kube';
import { taskRuns } from '../kubernetes/run-kinds.ts';
import { tailPodLog } from '../kubernetes/tail-pod-log.ts';
import { StepFailure } from '../step-failure.ts';
import { readBuildOutcome, type BuildOutcome } from './build-outcome.ts';

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

const explain = async (
  client: KubeClient,
  { app }: PlannedBuild,
  taskRun: TaskRun,
  outcome: Extract<BuildOutcome, { state: 'failed' }>,
): Promise<StepFailure> => {
  const { namespace = '', name = '' } = taskRun.metadata;
  const pod = taskRun.status?.podName;
  const container = outcome.step === undefined ? undefined : `step-${outcome.step}`;
  const tail = pod === undefined ? [] : await tailPodLog(client, { namespace, pod, container }, LOG_LINES);
  const where = outcome.step === undefined ? '' : `, step ${outcome.step}`;
  const code = outcome.exitCode === undefined ? '' : ` (exit code ${outcome.exitCode})`;
  const said = tail.length > 0 ? tail.join(' | ') : outcome.message;
  return new StepFailure(`build of ${app}${where} failed${code}: ${said}`, {
    code: 'BUILD_FAILED',
    hint: `kubectl logs -n ${namespace} -l tekton.dev/taskRun=${name} --all-containers`,
  });
};

/** Returns the digest of the image; throws BUILD_FAILED naming app, step and last log lines. */
export const runBuildTaskRun = async (
  client: KubeClient,
  build: PlannedBuild,
  taskRun: TaskRun,
  signal: AbortSignal,
): Promise<string> => {
  const resource = client.resource(taskRuns, taskRun.metadata.namespace);
  await createOrAdopt(resource, taskRun);
  const name = taskRun.metadata.name ?? '';
  const isOver = (current: TaskRun): boolean => readBuildOutcome(current).state !== 'running';
  const ended = await waitFor(resource, name, isOver, { timeoutMs: WAIT_LIMIT_MS, signal });
  if (!ended.ok)
    throw new StepFailure(`build of ${build.app} did not end within 2 hours`, { code: 'BUILD_TIMEOUT' });
  const outcome = readBuildOutcome(ended.value);
  if (outcome.state === 'succeeded') return outcome.digest;
  if (outcome.state === 'failed') throw await explain(client, build, ended.value, outcome);
  throw new StepFailure(`build of ${build.app} is still running`, { code: 'BUILD_TIMEOUT' });
};
