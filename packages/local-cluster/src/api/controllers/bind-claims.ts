/** Binds every PersistentVolumeClaim at once: its storage is a directory of the state directory. */

import type { Controller } from '../../contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../contracts/kube-object.ts';
import { isRecord } from '../../objects/is-record.ts';
import type { ClusterObjectStore } from '../../objects/cluster-object-store.ts';
import { readField, readText } from '../kinds/read-field.ts';

const CLAIMS: ResourceKey = { group: '', resource: 'persistentvolumeclaims' };

const boundStatus = (claim: KubeObject) => ({
  phase: 'Bound',
  accessModes: readField(claim, 'spec', 'accessModes'),
  capacity: { storage: readText(claim, 'spec', 'resources', 'requests', 'storage') },
});

/** Creates the controller. */
export const createClaimController = (store: ClusterObjectStore): Controller => {
  let unsubscribe = (): void => undefined;
  const bind = (claim: KubeObject): void => {
    if (readText(claim, 'status', 'phase') === 'Bound') return;
    const { uid = '', namespace = '', name = '' } = claim.metadata;
    const spec = isRecord(claim.spec) ? claim.spec : {};
    store.update(CLAIMS, { ...claim, spec: { ...spec, volumeName: `pvc-${uid}` } });
    store.mutateStatus({ ...CLAIMS, namespace, name }, (current) => ({
      ...current,
      status: boundStatus(current),
    }));
  };
  return {
    name: 'claims',
    start: () => {
      unsubscribe = store.watch(CLAIMS, ({ type, object }) => (type === 'ADDED' ? bind(object) : undefined));
      for (const claim of store.list(CLAIMS).items) bind(claim);
    },
    stop: async () => unsubscribe(),
  };
};
