/** The garbage collector: what happens to dependents when their owner goes, and to owners that wait for dependents. */

import type { KubeObject, ObjectKey } from '../contracts/kube-object.ts';
import type { ObjectStore } from '../contracts/object-store.ts';
import type { ObjectIndex } from './object-index.ts';
import { blocksDeletionOf, FOREGROUND, withoutFinalizer, withoutOwner } from './owner-references.ts';

export interface GarbageCollector {
  /** An object is gone: its dependents follow, an owner that waited for it may go. */
  afterRemoval(object: KubeObject): void;
  /** An object was made or its owners changed: it goes when every owner it names is gone already. */
  afterWrite(key: ObjectKey, object: KubeObject): void;
  /** Foreground deletion has begun: dependents go first. */
  deleteDependents(uid: string): void;
  /** Dependents stay and forget their owner. */
  orphanDependents(uid: string): void;
  /** Finishes what a killed process began. */
  sweep(): void;
}

type Writer = Pick<ObjectStore, 'get' | 'update' | 'delete'>;

const isAlive = (index: ObjectIndex, object: KubeObject, ownerUid: string): boolean => {
  const owner = index.keyOfUid(ownerUid);
  return owner !== undefined && (owner.namespace === '' || owner.namespace === object.metadata.namespace);
};

const isAbandoned = (index: ObjectIndex, object: KubeObject): boolean => {
  const owners = object.metadata.ownerReferences ?? [];
  return owners.length > 0 && !owners.some((owner) => isAlive(index, object, owner.uid));
};

/** Creates the collector over an index; it writes through the store, so that every step is an ordinary change. */
export const createGarbageCollector = (index: ObjectIndex, store: Writer): GarbageCollector => {
  const collect = (key: ObjectKey): void => {
    const object = store.get(key);
    if (object !== undefined && isAbandoned(index, object)) store.delete(key, { propagation: 'Background' });
  };
  const releaseOwner = (uid: string): void => {
    const key = index.keyOfUid(uid);
    const owner = key === undefined ? undefined : index.get(key);
    if (key === undefined || owner?.metadata.finalizers?.includes(FOREGROUND) !== true) return;
    const waitsFor = index.dependentsOf(uid).some((dependent) => {
      const object = index.get(dependent);
      return object !== undefined && blocksDeletionOf(object, uid);
    });
    if (!waitsFor) store.update(key, withoutFinalizer(owner, FOREGROUND));
  };
  const deleteDependents = (uid: string): void => {
    for (const key of index.dependentsOf(uid)) store.delete(key, { propagation: 'Foreground' });
    releaseOwner(uid);
  };
  return {
    afterRemoval: (object) => {
      for (const key of index.dependentsOf(object.metadata.uid ?? '')) collect(key);
      for (const owner of object.metadata.ownerReferences ?? []) releaseOwner(owner.uid);
    },
    afterWrite: (key, object) => {
      if (object.metadata.deletionTimestamp === undefined && isAbandoned(index, object))
        queueMicrotask(() => collect(key));
    },
    deleteDependents,
    orphanDependents: (uid) => {
      for (const key of index.dependentsOf(uid)) {
        const dependent = index.get(key);
        if (dependent !== undefined) store.update(key, withoutOwner(dependent, uid));
      }
    },
    sweep: () => {
      for (const key of index.keys()) {
        const object = index.get(key);
        if (object?.metadata.finalizers?.includes(FOREGROUND) === true)
          deleteDependents(object.metadata.uid ?? '');
        else collect(key);
      }
    },
  };
};
