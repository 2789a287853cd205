/** Why a pod will not become ready, as far as its status tells; pure. */
import type { Pod } from '@tekton-dag/kube';

export interface PodTrouble {
  readonly reason: 'image' | 'crash-loop' | 'unschedulable';
  readonly pod: string;
  readonly container: string | undefined;
  readonly message: string;
}

const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
]);
/** Fewer restarts may be an app that waits for another one. */
const CRASHES = 3;

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

const troubleOf = (pod: string, status: ContainerStatus): PodTrouble | undefined => {
  const waiting = status.state?.waiting;
  const shared = { pod, container: status.name };
  if (waiting?.reason !== undefined && IMAGE_REASONS.has(waiting.reason)) {
    return { ...shared, reason: 'image', message: `${waiting.reason}: ${waiting.message ?? status.image}` };
  }
  const ended = status.lastState?.terminated ?? status.state?.terminated;
  if (ended === undefined || status.restartCount < CRASHES) return undefined;
  return {
    ...shared,
    reason: 'crash-loop',
    message: `exits with code ${ended.exitCode}, restarted ${status.restartCount} times`,
  };
};

/** The first trouble of a pod, or undefined while there is hope. */
export const findPodTrouble = (pod: Pod): PodTrouble | undefined => {
  const name = pod.metadata?.name ?? '';
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of containers) {
    const trouble = troubleOf(name, status);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
};
