/** Keeps as many pods of a ReplicaSet as it asks for. */

import type { ClusterContext, Controller } from '../../contracts/cluster-context.ts';
import {
  createKeyController,
  keyOf,
  ownerKeys,
  splitKey,
  type NamespacedName,
} from '../control/key-controller.ts';
import { createPod } from '../control/create-pod.ts';
import { isControlledBy } from '../control/is-controlled-by.ts';
import { recordEvent } from '../control/record-event.ts';
import { isPodActive, isPodReady, readySinceMs } from '../specs/pod-state.ts';
import {
  isPod,
  isReplicaSet,
  PODS,
  REPLICA_SETS,
  type Pod,
  type ReplicaSet,
} from '../specs/workload-objects.ts';

/** Reacts to ReplicaSets and to the pods that they own. */
export function createReplicaSetController(context: ClusterContext): Controller {
  return createKeyController({
    name: 'replicaset',
    store: context.store,
    log: context.log,
    sources: [
      { resource: REPLICA_SETS, keysOf: (object) => [keyOf(object)] },
      { resource: PODS, keysOf: (object) => ownerKeys(object, 'ReplicaSet') },
    ],
    reconcile: (key) => reconcileReplicaSet(context, key),
  });
}

function reconcileReplicaSet(context: ClusterContext, key: NamespacedName): void | number {
  const set = context.store.get({ ...REPLICA_SETS, ...splitKey(key) });
  if (set === undefined || !isReplicaSet(set)) return;
  if (set.metadata.deletionTimestamp === undefined) balance(context, set, listActive(context, set));
  return writeStatus(context, set);
}

function listActive({ store }: ClusterContext, set: ReplicaSet): Pod[] {
  const { namespace = '' } = set.metadata;
  return store
    .list(PODS, { namespace })
    .items.filter(isPod)
    .filter((pod) => isControlledBy(pod, set))
    .filter(isPodActive);
}

function balance(context: ClusterContext, set: ReplicaSet, pods: readonly Pod[]): void {
  const wanted = set.spec.replicas ?? 1;
  for (let missing = wanted - pods.length; missing > 0; missing -= 1) {
    createPod(context, set, set.spec.template, { generateName: `${set.metadata.name}-` });
  }
  for (const pod of choosePodsToDelete(pods, pods.length - wanted)) deletePod(context, set, pod);
}

/** The least useful first: not ready, then the newest (as the ReplicaSet controller of Kubernetes ranks them). */
function choosePodsToDelete(pods: readonly Pod[], count: number): readonly Pod[] {
  const rank = (pod: Pod): number => (isPodReady(pod) ? 1 : 0);
  const created = (pod: Pod): string => pod.metadata.creationTimestamp ?? '';
  return pods
    .toSorted((one, other) => rank(one) - rank(other) || (created(one) < created(other) ? 1 : -1))
    .slice(0, Math.max(0, count));
}

function deletePod(context: ClusterContext, set: ReplicaSet, { metadata }: Pod): void {
  const { namespace = '', name = '', uid } = metadata;
  context.store.delete({ ...PODS, namespace, name }, uid === undefined ? {} : { uid });
  recordEvent(context, set, {
    type: 'Normal',
    reason: 'SuccessfulDelete',
    message: `Deleted pod: ${name}`,
    component: 'replicaset-controller',
  });
}

/** Gives the time until the next pod counts as available, when minReadySeconds makes one wait. */
function writeStatus(context: ClusterContext, { metadata }: ReplicaSet): void | number {
  const key = { ...REPLICA_SETS, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
  const nowMs = context.now().getTime();
  let nextMs: number | undefined;
  context.store.mutateStatus(key, (fresh) => {
    if (!isReplicaSet(fresh)) return undefined;
    const pods = listActive(context, fresh);
    const minReadyMs = (fresh.spec.minReadySeconds ?? 0) * 1000;
    const waits = pods.map((pod) => (readySinceMs(pod) ?? Number.NaN) + minReadyMs - nowMs);
    nextMs = waits.filter((wait) => wait > 0).toSorted((one, other) => one - other)[0];
    return {
      ...fresh,
      status: {
        ...(fresh.metadata.generation === undefined ? {} : { observedGeneration: fresh.metadata.generation }),
        replicas: pods.length,
        fullyLabeledReplicas: pods.length,
        readyReplicas: pods.filter(isPodReady).length,
        availableReplicas:
          minReadyMs === 0 ? pods.filter(isPodReady).length : waits.filter((wait) => wait <= 0).length,
      },
    };
  });
  return nextMs;
}
