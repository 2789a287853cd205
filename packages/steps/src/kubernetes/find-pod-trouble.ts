/** Why a pod will not become ready, as far as its status tells; pure. */
import type { Pod } from '@tekton-dag/kube';

export interface PodTrouble {
  readonly reason: 'image' | 'crash-loop';
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

const imageTrouble = (pod: string, { name, image, state }: ContainerStatus): PodTrouble | undefined => {
  const { reason, message = image } = state?.waiting ?? {};
  if (reason === undefined || !IMAGE_REASONS.has(reason)) return undefined;
  return { pod, container: name, reason: 'image', message: `${reason}: ${message}` };
};

const crashTrouble = (pod: string, status: ContainerStatus): PodTrouble | undefined => {
  const { name, restartCount, state, lastState } = status;
  const ended = lastState?.terminated ?? state?.terminated;
  if (ended === undefined || restartCount < CRASHES) return undefined;
  const message = `exits with code ${ended.exitCode}, restarted ${restartCount} times`;
  return { pod, container: name, reason: 'crash-loop', message };
};

/** The first trouble of a pod, or undefined while there is hope. */
export const findPodTrouble = (pod: Pod): PodTrouble | undefined => {
  const name = pod.metadata?.name ?? '';
  const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of containers) {
    const trouble = imageTrouble(name, status) ?? crashTrouble(name, status);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
};
