/** Serves the kinds of CustomResourceDefinitions: registers them, says Established, cleans up when they go. */

import type { Controller, Log } from '../../contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../contracts/kube-object.ts';
import type { ClusterObjectStore } from '../../objects/create-object-store.ts';
import { kubernetesTime } from '../../objects/revise-object.ts';
import { crdKind } from '../custom-resources/crd-kind.ts';
import { customKind } from '../custom-resources/custom-kind.ts';
import { readField } from '../kinds/read-field.ts';

/** Holds a definition until its objects are gone. */
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

const RECHECK_MS = 50;

const condition = (type: string, reason: string, message: string, time: string) => ({
  type,
  status: 'True',
  reason,
  message,
  lastTransitionTime: time,
});

const establishedStatus = (crd: KubeObject, version: string, time: string) => ({
  conditions: [
    condition('NamesAccepted', 'NoConflicts', 'no conflicts found', time),
    condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted', time),
  ],
  acceptedNames: readField(crd, 'spec', 'names'),
  storedVersions: [version],
});

const isEstablished = (crd: KubeObject): boolean => Array.isArray(readField(crd, 'status', 'conditions'));

const keyOf = (crd: KubeObject) => ({ ...crdKind, namespace: '', name: crd.metadata.name ?? '' });

const withCleanup = (crd: KubeObject): KubeObject => ({
  ...crd,
  metadata: { ...crd.metadata, finalizers: [...(crd.metadata.finalizers ?? []), CLEANUP] },
});

const withoutCleanup = (crd: KubeObject): KubeObject => {
  const finalizers = (crd.metadata.finalizers ?? []).filter((each) => each !== CLEANUP);
  return { ...crd, metadata: { ...crd.metadata, finalizers } };
};

export interface CustomKindsOptions {
  readonly store: ClusterObjectStore;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Creates the controller. A definition whose kind this program has built in (Tekton's, the Gateway API's) is accepted
 * and changes nothing, so that the usual manifests can be applied.
 */
export const createCustomKindsController = ({ store, log, now }: CustomKindsOptions): Controller => {
  const builtIn = new Set(store.definitions().map(({ group, resource }) => `${group}/${resource}`));
  const isBuiltIn = ({ group, resource }: ResourceKey): boolean => builtIn.has(`${group}/${resource}`);
  const timers = new Set<NodeJS.Timeout>();
  let unsubscribe = (): void => undefined;

  const establish = (crd: KubeObject): void => {
    const kind = customKind(crd);
    if (kind === undefined) return;
    if (!isBuiltIn(kind)) store.register(kind);
    if (crd.metadata.finalizers?.includes(CLEANUP) !== true) store.update(crdKind, withCleanup(crd));
    if (isEstablished(crd)) return;
    store.mutateStatus(keyOf(crd), (current) => ({
      ...current,
      status: establishedStatus(current, kind.version, kubernetesTime(now())),
    }));
    log.info({ crd: crd.metadata.name }, 'a custom kind is served');
  };

  const cleanUp = (crd: KubeObject): void => {
    const kind = customKind(crd);
    const { items } = kind === undefined || isBuiltIn(kind) ? { items: [] } : store.list(kind);
    if (kind !== undefined) {
      for (const { metadata } of items)
        store.delete({ ...kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
    }
    if (kind !== undefined && !isBuiltIn(kind) && store.list(kind).items.length > 0) recheck(crd);
    else
      store.update(crdKind, withoutCleanup({ ...crd, metadata: { ...crd.metadata, resourceVersion: '' } }));
  };

  const recheck = (crd: KubeObject): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const current = store.get(keyOf(crd));
      if (current?.metadata.deletionTimestamp !== undefined) cleanUp(current);
    }, RECHECK_MS);
    timers.add(timer);
  };

  const retire = (crd: KubeObject): void => {
    const kind = customKind(crd);
    if (kind !== undefined && !isBuiltIn(kind)) store.unregister(kind);
  };

  const observe = (crd: KubeObject): void => {
    if (crd.metadata.deletionTimestamp === undefined) establish(crd);
    else if (crd.metadata.finalizers?.includes(CLEANUP) === true) cleanUp(crd);
  };

  return {
    name: 'custom-kinds',
    start: () => {
      unsubscribe = store.watch(crdKind, ({ type, object }) =>
        type === 'DELETED' ? retire(object) : observe(object),
      );
      for (const crd of store.list(crdKind).items) observe(crd);
    },
    stop: async () => {
      unsubscribe();
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
