/** What tests ask about a pod of a rig. */

import { isPodReady } from '../../src/workloads/specs/pod-state.ts';
import type { ContainerStatus } from '../../src/workloads/specs/workload-objects.ts';
import type { WorkloadRig } from './workload-rig.ts';

export function isReady(rig: WorkloadRig, name: string): boolean {
  const pod = rig.pod(name);
  return pod !== undefined && isPodReady(pod);
}

export const phaseOf = (rig: WorkloadRig, name: string): string | undefined => rig.pod(name)?.status?.phase;

/** Of its first container. */
export const containerOf = (rig: WorkloadRig, name: string): ContainerStatus | undefined =>
  rig.pod(name)?.status?.containerStatuses?.[0];
