/** Namespaces: the ones that always exist, a default service account in each, and the end of a deleted one. */

import type { Controller } from '../../contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../contracts/kube-object.ts';
import { isRecord } from '../../objects/is-record.ts';
import type { ClusterObjectStore } from '../../objects/create-object-store.ts';

const NAMESPACES: ResourceKey = { group: '', resource: 'namespaces' };
const ACCOUNTS: ResourceKey = { group: '', resource: 'serviceaccounts' };
const PERMANENT = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const RECHECK_MS = 50;

const namespaceKey = (name: string) => ({ ...NAMESPACES, namespace: '', name });

/** Creates the controller; its work on a new namespace is done before the create that made it is acknowledged. */
export const createNamespaceController = (store: ClusterObjectStore): Controller => {
  const timers = new Map<string, NodeJS.Timeout>();
  let unsubscribe: readonly (() => void)[] = [];

  const giveAccount = (namespace: string): void => {
    if (store.get(namespaceKey(namespace))?.metadata.deletionTimestamp !== undefined) return;
    if (store.get({ ...ACCOUNTS, namespace, name: 'default' }) !== undefined) return;
    store.create(ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    });
  };

  const emptyOut = (namespace: string): number => {
    const contents = store
      .definitions()
      .filter(({ namespaced }) => namespaced)
      .map((definition) => ({ definition, items: store.list(definition, { namespace }).items }));
    for (const { definition, items } of contents) {
      for (const { metadata } of items) store.delete({ ...definition, namespace, name: metadata.name ?? '' });
    }
    return contents.reduce(
      (count, { definition }) => count + store.list(definition, { namespace }).items.length,
      0,
    );
  };

  const finalize = (name: string): void => {
    const namespace = store.get(namespaceKey(name));
    if (namespace === undefined) return;
    const spec = isRecord(namespace.spec) ? namespace.spec : {};
    store.update(NAMESPACES, { ...namespace, spec: { ...spec, finalizers: [] } });
  };

  const terminate = (name: string): void => {
    if (timers.has(name) || store.get(namespaceKey(name)) === undefined) return;
    store.mutateStatus(namespaceKey(name), (current) => ({ ...current, status: { phase: 'Terminating' } }));
    if (emptyOut(name) === 0) return finalize(name);
    timers.set(
      name,
      setTimeout(() => {
        timers.delete(name);
        terminate(name);
      }, RECHECK_MS),
    );
  };

  const observe = ({ metadata }: KubeObject): void => {
    const { name = '', deletionTimestamp } = metadata;
    if (deletionTimestamp === undefined) giveAccount(name);
    else terminate(name);
  };

  const makePermanent = (name: string): void => {
    if (store.get(namespaceKey(name)) !== undefined) return;
    store.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  };

  return {
    name: 'namespaces',
    start: () => {
      unsubscribe = [
        store.watch(NAMESPACES, ({ type, object }) => (type === 'DELETED' ? undefined : observe(object))),
        store.watch(ACCOUNTS, ({ type, object }) =>
          type === 'DELETED' &&
          object.metadata.name === 'default' &&
          store.get(namespaceKey(object.metadata.namespace ?? '')) !== undefined
            ? giveAccount(object.metadata.namespace ?? '')
            : undefined,
        ),
      ];
      for (const name of PERMANENT) makePermanent(name);
      for (const namespace of store.list(NAMESPACES).items) observe(namespace);
    },
    stop: async () => {
      for (const end of unsubscribe) end();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
};
