/** Namespaces: the ones that always exist, a default service account in each, and the end of a deleted one. */

import type { Controller } from '../../contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../contracts/kube-object.ts';
import { isRecord } from '../../objects/is-record.ts';
import type { ClusterObjectStore } from '../../objects/cluster-object-store.ts';

const NAMESPACES: ResourceKey = { group: '', resource: 'namespaces' };
const ACCOUNTS: ResourceKey = { group: '', resource: 'serviceaccounts' };
const PERMANENT = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const RECHECK_MS = 50;

const namespaceKey = (name: string) => ({ ...NAMESPACES, namespace: '', name });

/** Gives a namespace its default service account, unless it has one or is going. */
const giveAccount = (store: ClusterObjectStore, namespace: string): void => {
  const found = store.get(namespaceKey(namespace));
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return;
  if (store.get({ ...ACCOUNTS, namespace, name: 'default' }) !== undefined) return;
  store.create(ACCOUNTS, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace },
  });
};

/** Asks everything in a namespace to go; returns how much is still there. */
const emptyOut = (store: ClusterObjectStore, namespace: string): number => {
  const kinds = store.definitions().filter(({ namespaced }) => namespaced);
  for (const kind of kinds) {
    for (const { metadata } of store.list(kind, { namespace }).items) {
      store.delete({ ...kind, namespace, name: metadata.name ?? '' });
    }
  }
  return kinds.reduce((count, kind) => count + store.list(kind, { namespace }).items.length, 0);
};

const finalize = (store: ClusterObjectStore, name: string): void => {
  const namespace = store.get(namespaceKey(name));
  if (namespace === undefined) return;
  const spec = isRecord(namespace.spec) ? namespace.spec : {};
  store.update(NAMESPACES, { ...namespace, spec: { ...spec, finalizers: [] } });
};

const makePermanent = (store: ClusterObjectStore): void => {
  for (const name of PERMANENT) {
    if (store.get(namespaceKey(name)) !== undefined) continue;
    store.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
};

/** Creates the controller; its work on a new namespace is done before the create that made it is acknowledged. */
export const createNamespaceController = (store: ClusterObjectStore): Controller => {
  const timers = new Map<string, NodeJS.Timeout>();
  let unsubscribe: readonly (() => void)[] = [];

  const terminate = (name: string): void => {
    if (timers.has(name) || store.get(namespaceKey(name)) === undefined) return;
    store.mutateStatus(namespaceKey(name), (current) => ({ ...current, status: { phase: 'Terminating' } }));
    if (emptyOut(store, name) === 0) return finalize(store, name);
    const again = (): void => {
      timers.delete(name);
      terminate(name);
    };
    timers.set(name, setTimeout(again, RECHECK_MS));
  };

  const observe = ({ metadata }: KubeObject): void => {
    const { name = '', deletionTimestamp } = metadata;
    if (deletionTimestamp === undefined) giveAccount(store, name);
    else terminate(name);
  };

  return {
    name: 'namespaces',
    start: () => {
      unsubscribe = [
        store.watch(NAMESPACES, ({ type, object }) => (type === 'DELETED' ? undefined : observe(object))),
        store.watch(ACCOUNTS, ({ type, object: { metadata } }) => {
          if (type === 'DELETED' && metadata.name === 'default') giveAccount(store, metadata.namespace ?? '');
        }),
      ];
      makePermanent(store);
      for (const namespace of store.list(NAMESPACES).items) observe(namespace);
    },
    stop: async () => {
      for (const end of unsubscribe) end();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
};
