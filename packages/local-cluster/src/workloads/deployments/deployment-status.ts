/** Works out the status of a Deployment from its ReplicaSets. Pure. */

import { kubeTime, setCondition } from '../control/set-condition.ts';
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../specs/workload-objects.ts';
import { rolloutBounds } from './plan-rollout.ts';

/** Conditions and reasons as the deployment controller of Kubernetes spells them; `kubectl rollout status` reads them. */
export function deploymentStatus(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  now: Date,
): DeploymentStatus {
  const all = current === undefined ? old : [current, ...old];
  const counts = countReplicas(current, all);
  const wanted = sum(all, ({ spec }) => spec.replicas ?? 1);
  const unavailable = Math.max(wanted, deployment.spec.replicas ?? 1) - counts.availableReplicas;
  const before = deployment.status?.conditions ?? [];
  const available = availableCondition(deployment, counts.availableReplicas);
  const progressing = progressingCondition(deployment, current, counts, now);
  const withAvailable = setCondition(before, dated(available, before, now), kubeTime(now));
  return {
    ...(deployment.metadata.generation === undefined
      ? {}
      : { observedGeneration: deployment.metadata.generation }),
    ...counts,
    ...(unavailable > 0 && { unavailableReplicas: unavailable }),
    conditions:
      progressing === undefined ? withAvailable : setCondition(withAvailable, progressing, kubeTime(now)),
  };
}

/** True when nothing is left to do for this generation. */
function isComplete({ spec }: Deployment, counts: ReplicaCounts): boolean {
  const wanted = spec.replicas ?? 1;
  return [counts.updatedReplicas, counts.replicas, counts.availableReplicas].every(
    (count) => count === wanted,
  );
}

/** Milliseconds until the progress deadline, so that it can be looked at in time; undefined when none is running. */
export function untilDeadlineMs({ spec, status }: Deployment, now: Date): number | undefined {
  const progressing = status?.conditions?.find((each) => each.type === 'Progressing');
  if (progressing === undefined || progressing.status !== 'True') return undefined;
  if (progressing.reason === 'NewReplicaSetAvailable') return undefined;
  const deadlineMs =
    Date.parse(progressing.lastUpdateTime ?? '') + (spec.progressDeadlineSeconds ?? 600) * 1000;
  return Math.max(0, deadlineMs - now.getTime());
}

interface ReplicaCounts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
}

function countReplicas(current: ReplicaSet | undefined, all: readonly ReplicaSet[]): ReplicaCounts {
  return {
    replicas: sum(all, ({ status }) => status?.replicas ?? 0),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas ?? 0),
    availableReplicas: sum(all, ({ status }) => status?.availableReplicas ?? 0),
  };
}

function availableCondition(deployment: Deployment, availableReplicas: number): Condition {
  const wanted = deployment.spec.replicas ?? 1;
  const recreate = deployment.spec.strategy?.type === 'Recreate';
  const least = wanted - (recreate ? 0 : Math.min(wanted, rolloutBounds(deployment).maxUnavailable));
  const enough = availableReplicas >= least;
  return {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough
      ? 'Deployment has minimum availability.'
      : 'Deployment does not have minimum availability.',
  };
}

function progressingCondition(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  counts: ReplicaCounts,
  now: Date,
): Condition | undefined {
  const before = deployment.status?.conditions?.find((each) => each.type === 'Progressing');
  if (deployment.spec.paused === true)
    return settled('Unknown', 'DeploymentPaused', 'Deployment is paused', before, now);
  if (current === undefined) return before;
  const name = `ReplicaSet "${current.metadata.name ?? ''}"`;
  if (isComplete(deployment, counts)) {
    return settled('True', 'NewReplicaSetAvailable', `${name} has successfully progressed.`, before, now);
  }
  if (before === undefined || hasMoved(deployment, counts)) {
    return progress('True', 'ReplicaSetUpdated', `${name} is progressing.`, now);
  }
  const late = untilDeadlineMs(deployment, now) === 0;
  return late
    ? progress('False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`, now)
    : before;
}

/** Something changed since the status was last written, so the deadline starts anew. */
function hasMoved({ status, metadata }: Deployment, counts: ReplicaCounts): boolean {
  if (status?.observedGeneration !== metadata.generation) return true;
  const before: ReplicaCounts = {
    replicas: 0,
    updatedReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    ...status,
  };
  const grown = (['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const).some(
    (name) => counts[name] > before[name],
  );
  return grown || counts.replicas - counts.updatedReplicas < before.replicas - before.updatedReplicas;
}

function progress(status: Condition['status'], reason: string, message: string, now: Date): Condition {
  return { type: 'Progressing', status, reason, message, lastUpdateTime: kubeTime(now) };
}

/** The same condition as before keeps its times. */
function settled(
  status: Condition['status'],
  reason: string,
  message: string,
  ...[before, now]: readonly [Condition | undefined, Date]
): Condition {
  const same = before?.reason === reason && before.message === message && before.status === status;
  return same ? before : progress(status, reason, message, now);
}

function dated(condition: Condition, before: readonly Condition[], now: Date): Condition {
  const known = before.find((each) => each.type === condition.type);
  const lastUpdateTime = known?.status === condition.status ? known.lastUpdateTime : undefined;
  return { ...condition, lastUpdateTime: lastUpdateTime ?? kubeTime(now) };
}

function sum<T>(items: readonly T[], read: (item: T) => number): number {
  return items.reduce((total, item) => total + read(item), 0);
}
