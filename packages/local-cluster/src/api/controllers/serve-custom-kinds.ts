/** Serves the kinds of CustomResourceDefinitions: registers them, says Established, cleans up when they go. */

import type { Controller, Log } from '../../contracts/cluster-context.ts';
import type { KubeObject, ObjectKey } from '../../contracts/kube-object.ts';
import type { ResourceDefinition } from '../../contracts/resource-definition.ts';
import type { ClusterObjectStore } from '../../objects/cluster-object-store.ts';
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
  metadata: {
    ...crd.metadata,
    finalizers: [...(crd.metadata.finalizers ?? []), CLEANUP],
    resourceVersion: '',
  },
});

const withoutCleanup = (crd: KubeObject): KubeObject => {
  const finalizers = (crd.metadata.finalizers ?? []).filter((each) => each !== CLEANUP);
  return { ...crd, metadata: { ...crd.metadata, finalizers, resourceVersion: '' } };
};

export interface CustomKindsOptions {
  readonly store: ClusterObjectStore;
  readonly log: Log;
  readonly now: () => Date;
}

/** Registers the kind of a definition and says so in its status. */
const establish = (
  { store, log, now }: CustomKindsOptions,
  crd: KubeObject,
  kind: ResourceDefinition,
): void => {
  if (crd.metadata.finalizers?.includes(CLEANUP) !== true) store.update(crdKind, withCleanup(crd));
  if (isEstablished(crd)) return;
  store.mutateStatus(keyOf(crd), (current) => ({
    ...current,
    status: establishedStatus(current, kind.version, kubernetesTime(now())),
  }));
  log.info({ crd: crd.metadata.name }, 'a custom kind is served');
};

/** Asks every object of a kind to go; true when none is left. */
const removeAll = (store: ClusterObjectStore, kind: ResourceDefinition): boolean => {
  for (const { metadata } of store.list(kind).items) {
    store.delete({ ...kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
  }
  return store.list(kind).items.length === 0;
};

/**
 * Creates the controller. A definition whose kind this program has built in (Tekton's, the Gateway API's) is accepted
 * and changes nothing, so that the usual manifests can be applied.
 */
export const createCustomKindsController = (options: CustomKindsOptions): Controller => {
  const { store } = options;
  const builtIn = new Set(store.definitions().map(({ group, resource }) => `${group}/${resource}`));
  const ownKind = (crd: KubeObject): ResourceDefinition | undefined => {
    const kind = customKind(crd);
    return kind === undefined || builtIn.has(`${kind.group}/${kind.resource}`) ? undefined : kind;
  };
  const timers = new Set<NodeJS.Timeout>();
  let unsubscribe = (): void => undefined;

  const cleanUp = (crd: KubeObject): void => {
    const kind = ownKind(crd);
    if (kind === undefined || removeAll(store, kind)) store.update(crdKind, withoutCleanup(crd));
    else recheck(keyOf(crd));
  };
  const recheck = (key: ObjectKey): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const current = store.get(key);
      if (current?.metadata.deletionTimestamp !== undefined) cleanUp(current);
    }, RECHECK_MS);
    timers.add(timer);
  };
  const observe = (crd: KubeObject): void => {
    const own = ownKind(crd);
    if (crd.metadata.deletionTimestamp === undefined) {
      if (own !== undefined) store.register(own);
      const kind = own ?? customKind(crd);
      if (kind !== undefined) establish(options, crd, kind);
    } else if (crd.metadata.finalizers?.includes(CLEANUP) === true) cleanUp(crd);
  };
  const retire = (crd: KubeObject): void => {
    const kind = ownKind(crd);
    if (kind !== undefined) store.unregister(kind);
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
