/** What a pod's status means to those who own or address the pod. */

import type { Pod } from './workload-objects.ts';

/** True when the pod's Ready condition holds. */
export function isPodReady({ status }: Pod): boolean {
  return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;
}

/** True when no container of the pod will run again. */
export function isPodFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** True for a pod that counts as a replica: neither finished nor on its way out. */
export function isPodActive(pod: Pod): boolean {
  return !isPodFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** When the pod became ready, in milliseconds; undefined when it is not. */
export function readySinceMs({ status }: Pod): number | undefined {
  const ready = status?.conditions?.find((each) => each.type === 'Ready' && each.status === 'True');
  return ready === undefined ? undefined : Date.parse(ready.lastTransitionTime ?? '');
}
