/** Questions about owner references, as the garbage collector asks them. */

import type { KubeObject } from '../contracts/kube-object.ts';

/** The finalizer that holds an owner until its dependents are gone. */
export const FOREGROUND = 'foregroundDeletion';

/** True when `uid` is an owner whose foreground deletion waits for this object. */
export const blocksDeletionOf = (object: KubeObject, uid: string): boolean =>
  (object.metadata.ownerReferences ?? []).some(
    (owner) => owner.uid === uid && owner.blockOwnerDeletion === true,
  );

/** The object without its references to `uid`. */
export const withoutOwner = (object: KubeObject, uid: string): KubeObject => {
  const { ownerReferences = [], ...metadata } = object.metadata;
  const left = ownerReferences.filter((owner) => owner.uid !== uid);
  return { ...object, metadata: left.length === 0 ? metadata : { ...metadata, ownerReferences: left } };
};

/** The object without one of its finalizers. */
export const withoutFinalizer = (object: KubeObject, finalizer: string): KubeObject => {
  const { finalizers = [], ...metadata } = object.metadata;
  const left = finalizers.filter((each) => each !== finalizer);
  return { ...object, metadata: left.length === 0 ? metadata : { ...metadata, finalizers: left } };
};
