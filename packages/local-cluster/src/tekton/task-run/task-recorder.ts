/** Writes what a TaskRun has come to: into the TaskRun's status and the Pod's. */

import type { KubeObject, ObjectKey } from '../../contracts/kube-object.ts';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import { conditionsWith, failed, running, succeededCondition, type Verdict } from '../specs/condition.ts';
import type { RefSource } from '../remote/remote-definitions.ts';
import { readTaskRun, type TaskRun } from '../specs/read-run.ts';
import type { Step, TaskSpec } from '../specs/task-spec.ts';
import { TEKTON_GROUP } from '../specs/tekton-labels.ts';
import { isRecord } from '../substitution/substitute.ts';
import { stepContainer, stepNameOf } from './step-name.ts';
import { podStatus, sidecarState, stepState, type TrackedContainer } from './task-progress.ts';
import type { TaskResult } from './task-results.ts';

export const taskRunKey = (namespace: string, name: string): ObjectKey => ({
  group: TEKTON_GROUP,
  resource: 'taskruns',
  namespace,
  name,
});

export const podKey = (namespace: string, name: string): ObjectKey => ({
  group: '',
  resource: 'pods',
  namespace,
  name,
});

/** Everything of one attempt that the two statuses tell. */
export interface AttemptRecord {
  readonly podName: string;
  readonly startTime: string;
  readonly spec: TaskSpec;
  readonly steps: readonly TrackedContainer[];
  readonly sidecars: readonly TrackedContainer[];
  readonly results: readonly TaskResult[];
}

const RUNNING = running('Running', 'Not all Steps in the Task have finished executing');

/** Writes both statuses while the attempt goes on. */
export function recordProgress(run: TaskRun, record: AttemptRecord, context: ClusterContext): void {
  recordPod(run, record, context);
  context.store.mutateStatus(taskRunKey(run.namespace, run.name), (object) =>
    withStatus(object, statusOf(object, record, RUNNING, context)),
  );
}

/** Writes the end of the attempt; a failure with retries left begins the next one instead (`ToBeRetried`). */
export function recordEnd(
  run: TaskRun,
  record: AttemptRecord,
  verdict: Verdict,
  context: ClusterContext,
): void {
  recordPod(run, record, context);
  context.store.mutateStatus(taskRunKey(run.namespace, run.name), (object) => {
    const status = {
      ...statusOf(object, record, verdict, context),
      completionTime: context.now().toISOString(),
      ...(record.results.length > 0 && { results: record.results }),
    };
    return withStatus(object, retriedOrFinal(object, status, verdict, context));
  });
}

/** Ends a TaskRun of which no pod was made; `spec` when its task was found. */
export function recordRefusal(
  run: TaskRun,
  verdict: Verdict,
  context: ClusterContext,
  spec: TaskSpec = {},
): void {
  context.store.mutateStatus(taskRunKey(run.namespace, run.name), (object) => {
    const now = context.now().toISOString();
    const before = readTaskRun(object).status;
    const status = {
      ...before,
      ...(spec.steps !== undefined && { steps: spec.steps.map(unstartedStep), taskSpec: spec }),
      conditions: conditionsWith(succeededCondition(before), verdict, now),
      startTime: before.startTime ?? now,
      completionTime: now,
    };
    const isFinal = verdict.reason === 'TaskRunCancelled' || isPermanent(verdict);
    return withStatus(object, isFinal ? status : retriedOrFinal(object, status, verdict, context));
  });
}

function unstartedStep(step: Step, index: number): { name: string; container: string } {
  const name = stepNameOf(step, index);
  return { name, container: stepContainer(name) };
}

/** What no retry can mend. */
const isPermanent = ({ reason }: Verdict): boolean =>
  reason === 'TaskRunValidationFailed' ||
  reason === 'TaskRunResolutionFailed' ||
  reason === 'InvalidParamValue';

/** Ends a TaskRun that a killed predecessor of this process was executing. */
export function recordInterruption(run: TaskRun, podName: string, context: ClusterContext): void {
  const verdict = failed('PodEvicted', 'The local cluster was stopped while this TaskRun was executing.');
  const now = context.now().toISOString();
  const pod = { phase: 'Failed', reason: 'Evicted', message: verdict.message };
  context.store.mutateStatus(podKey(run.namespace, podName), (object) => {
    const { containerStatuses, ...status } = recordOf(object['status']);
    const ended = interrupted(containerStatuses, (one) => ({
      ...one,
      ready: false,
      state: interruptedState(now),
    }));
    return withStatus(object, { ...status, ...pod, containerStatuses: ended });
  });
  context.store.mutateStatus(taskRunKey(run.namespace, run.name), (object) => {
    const { steps, ...status } = recordOf(object['status']);
    const ended = interrupted(steps, ({ running: _running, waiting: _waiting, ...one }) => ({
      ...one,
      ...interruptedState(now),
      terminationReason: 'Error',
    }));
    return steps === undefined ? undefined : withStatus(object, { ...status, steps: ended });
  });
  recordRefusal(run, verdict, context);
}

const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

const interruptedState = (now: string) => ({
  terminated: { exitCode: 137, reason: 'Error', startedAt: now, finishedAt: now },
});

/** The containers that had not ended, changed; the others as they are. */
function interrupted(
  containers: unknown,
  end: (container: Record<string, unknown>) => Record<string, unknown>,
): unknown[] {
  const list: readonly unknown[] = Array.isArray(containers) ? containers : [];
  return list.map((one) => {
    const container = recordOf(one);
    const hasEnded = { ...recordOf(container['state']), ...container }['terminated'] !== undefined;
    return hasEnded ? container : end(container);
  });
}

/** Writes why a TaskRun has not started. */
export function recordPending(run: TaskRun, verdict: Verdict, context: ClusterContext): void {
  context.store.mutateStatus(taskRunKey(run.namespace, run.name), (object) => {
    const before = readTaskRun(object).status;
    const conditions = conditionsWith(succeededCondition(before), verdict, context.now().toISOString());
    return withStatus(object, { ...before, conditions });
  });
}

/** Writes where the task of a TaskRun was fetched from. */
export function recordSource(run: TaskRun, refSource: RefSource, context: ClusterContext): void {
  context.store.mutateStatus(taskRunKey(run.namespace, run.name), (object) =>
    withStatus(object, { ...readTaskRun(object).status, provenance: { refSource } }),
  );
}

function recordPod(run: TaskRun, record: AttemptRecord, context: ClusterContext): void {
  context.store.mutateStatus(podKey(run.namespace, record.podName), (pod) =>
    withStatus(pod, podStatus([...record.steps, ...record.sidecars], record.startTime)),
  );
}

function statusOf(
  object: KubeObject,
  record: AttemptRecord,
  verdict: Verdict,
  context: ClusterContext,
): Record<string, unknown> {
  const before = readTaskRun(object).status;
  const { retriesStatus, provenance } = before;
  return {
    conditions: conditionsWith(succeededCondition(before), verdict, context.now().toISOString()),
    podName: record.podName,
    startTime: record.startTime,
    steps: record.steps.map(stepState),
    ...(record.sidecars.length > 0 && { sidecars: record.sidecars.map(sidecarState) }),
    taskSpec: record.spec,
    ...(retriesStatus !== undefined && { retriesStatus }),
    ...(provenance !== undefined && { provenance }),
  };
}

function retriedOrFinal(
  object: KubeObject,
  status: Record<string, unknown>,
  verdict: Verdict,
  context: ClusterContext,
): Record<string, unknown> {
  const { spec, status: before } = readTaskRun(object);
  const retries = before.retriesStatus ?? [];
  const isRetried =
    verdict.status === 'False' &&
    verdict.reason !== 'TaskRunCancelled' &&
    retries.length < (spec.retries ?? 0);
  if (!isRetried) return status;
  const { retriesStatus: _retriesStatus, ...archived } = status;
  const next = running('ToBeRetried', verdict.message);
  return {
    conditions: conditionsWith(undefined, next, context.now().toISOString()),
    retriesStatus: [...retries, archived],
  };
}

function withStatus(object: KubeObject, status: Record<string, unknown>): KubeObject {
  return { ...object, status };
}
