/** Waits until the pod of a TaskRun that is over is over itself: until then the node keeps its room. */
import { setTimeout as delay } from 'node:timers/promises';
import { kinds, type KubeClient } from '@tekton-dag/kube';
import type { TaskRun } from '@tekton-dag/model';

const INTERVAL_MS = 200;
/** The kubelet needs less than a second; one that is away must not hold the others up. */
const LIMIT_MS = 15_000;

/** Tekton ends a TaskRun when its steps have ended, a moment before the kubelet ends the pod. */
export const awaitPodEnd = async (
  client: KubeClient,
  { metadata, status }: TaskRun,
  signal: AbortSignal,
): Promise<void> => {
  const name = status?.podName;
  if (name === undefined) return;
  const pods = client.resource(kinds.pods, metadata.namespace);
  const deadlineMs = performance.now() + LIMIT_MS;
  while (performance.now() < deadlineMs) {
    const phase = (await pods.get(name))?.status?.phase;
    if (phase === undefined || phase === 'Succeeded' || phase === 'Failed') return;
    await delay(INTERVAL_MS, undefined, { signal });
  }
};
