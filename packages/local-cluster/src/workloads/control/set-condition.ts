/** Puts a condition into a list; its transition time moves only when its status does. */

import type { Condition } from '../specs/workload-objects.ts';

/** The list with `next` in place of the condition of the same type. */
export function setCondition(conditions: readonly Condition[], next: Condition, time: string): Condition[] {
  const before = conditions.find((each) => each.type === next.type);
  const since = before?.status === next.status ? before.lastTransitionTime : undefined;
  const complete = { ...next, lastTransitionTime: since ?? time };
  return before === undefined
    ? [...conditions, complete]
    : conditions.map((each) => (each === before ? complete : each));
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function kubeTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
