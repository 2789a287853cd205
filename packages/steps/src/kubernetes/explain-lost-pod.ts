/** What took a TaskRun's pod away, when it did not end by itself; pure. */
import type { Pod } from '@tekton-dag/kube';

/** `pod` is as it is after the TaskRun failed; undefined when it is gone. Undefined for a pod that nobody took. */
export const explainLostPod = (pod: Pod | undefined): string | undefined => {
  if (pod?.metadata?.deletionTimestamp !== undefined || pod === undefined) return 'its pod was deleted';
  const { phase, reason, message = '' } = pod.status ?? {};
  if (phase !== 'Failed' || reason === undefined) return undefined;
  return `its pod was ended by the node (${reason}): ${message}`;
};
