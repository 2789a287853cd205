/** Decides how many replicas each ReplicaSet of a Deployment should have next. Pure. */

import type { Deployment, ReplicaSet } from '../specs/workload-objects.ts';

/** How far a rolling update may go above and below the wanted number. */
export interface RolloutBounds {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

export interface ScaleStep {
  readonly name: string;
  readonly replicas: number;
}

/** Percentages of the wanted number: surge is rounded up, unavailable down; both 0 would never move (apps/v1). */
export function rolloutBounds({ spec }: Deployment): RolloutBounds {
  const wanted = spec.replicas ?? 1;
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec.strategy?.rollingUpdate ?? {};
  const surge = resolve(maxSurge, wanted, Math.ceil);
  const unavailable = resolve(maxUnavailable, wanted, Math.floor);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/**
 * The scale changes to make now; each call after a change of the pods brings the rollout one step further. `oldPods` counts the
 * pods of old sets that have not ended yet, those on their way out included: with strategy Recreate they hold up the new ones.
 */
export function planScale(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
  oldPods: number,
): ScaleStep[] {
  if (deployment.spec.strategy?.type === 'Recreate') {
    const down = old.flatMap((each) => stepTo(each, 0));
    return down.length > 0 || oldPods > 0 ? down : stepTo(current, deployment.spec.replicas ?? 1);
  }
  const grow = planGrowth(deployment, current, old);
  return grow.length > 0 ? grow : planShrink(deployment, current, old);
}

/** While paused only the one active set follows `replicas`. */
export function planPausedScale(deployment: Deployment, all: readonly ReplicaSet[]): ScaleStep[] {
  const active = all.filter((each) => wantedOf(each) > 0);
  const [only] = active.length > 0 ? active : all.slice(-1);
  return active.length > 1 || only === undefined ? [] : stepTo(only, deployment.spec.replicas ?? 1);
}

function planGrowth(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): ScaleStep[] {
  const wanted = deployment.spec.replicas ?? 1;
  if (wantedOf(current) >= wanted) return stepTo(current, wanted);
  const room = wanted + rolloutBounds(deployment).maxSurge - sum([current, ...old], wantedOf);
  const more = Math.min(room, wanted - wantedOf(current));
  return more > 0 ? stepTo(current, wantedOf(current) + more) : [];
}

function planShrink(deployment: Deployment, current: ReplicaSet, old: readonly ReplicaSet[]): ScaleStep[] {
  const { maxUnavailable } = rolloutBounds(deployment);
  const least = (deployment.spec.replicas ?? 1) - maxUnavailable;
  const notYet = wantedOf(current) - availableOf(current);
  const removable = sum([current, ...old], wantedOf) - least - notYet;
  if (removable <= 0) return [];
  const broken = takeFrom(old, removable, (each) => wantedOf(each) - availableOf(each));
  const spare = sum([current, ...old], availableOf) - least;
  const healthy = takeFrom(old, Math.min(spare, removable - sum(broken, (each) => each.count)), availableOf);
  return old.flatMap((each) => {
    const count = [...broken, ...healthy].filter((taken) => taken.set === each).map((taken) => taken.count);
    return stepTo(each, wantedOf(each) - count.reduce((total, one) => total + one, 0));
  });
}

/** Takes up to `limit` replicas, oldest set first, no more from a set than `amount` says. */
function takeFrom(
  sets: readonly ReplicaSet[],
  limit: number,
  amount: (set: ReplicaSet) => number,
): { readonly set: ReplicaSet; readonly count: number }[] {
  let left = Math.max(0, limit);
  return sets.map((set) => {
    const count = Math.max(0, Math.min(left, amount(set), wantedOf(set)));
    left -= count;
    return { set, count };
  });
}

function stepTo(set: ReplicaSet, replicas: number): ScaleStep[] {
  return wantedOf(set) === replicas ? [] : [{ name: set.metadata.name ?? '', replicas }];
}

function resolve(value: string | number, whole: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value);
  return percent === null ? Number.parseInt(value, 10) || 0 : round((Number(percent[1]) * whole) / 100);
}

const wantedOf = ({ spec }: ReplicaSet): number => spec.replicas ?? 1;
const availableOf = ({ status }: ReplicaSet): number => status?.availableReplicas ?? 0;

function sum<T>(items: readonly T[], read: (item: T) => number): number {
  return items.reduce((total, item) => total + read(item), 0);
}
