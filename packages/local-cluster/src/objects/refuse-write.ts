/** The preconditions of updates and deletes: optimistic locks, uids, finalizers of objects that are going. */

import type { Result } from '@tekton-dag/model';
import type { KubeObject, ObjectKey } from '../contracts/kube-object.ts';
import type { StoreRefusal } from '../contracts/object-store.ts';
import type { ResourceDefinition } from '../contracts/resource-definition.ts';
import { conflict, forbidden, invalid, qualifiedKind } from './store-refusals.ts';

type Refusal = Result<never, StoreRefusal> | undefined;

const MODIFIED_MEANWHILE =
  'the object has been modified; please apply your changes to the latest version and try again';

const wrongUid = (asked: string, actual: string | undefined): string =>
  `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${actual}`;

const wrongVersion = (asked: string, actual: string | undefined): string =>
  `the ResourceVersion in the precondition (${asked}) does not match the ResourceVersion in record (${actual}). ` +
  'The object might have been modified';

/** As the API server's admission plugin NamespaceLifecycle has them. */
const IMMORTAL_NAMESPACES: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

const isImmortal = ({ group, resource, name }: ObjectKey): boolean =>
  group === '' && resource === 'namespaces' && IMMORTAL_NAMESPACES.has(name);

/** Why this object may not be deleted under these preconditions; undefined when it may. */
export const refuseDelete = (
  key: ObjectKey,
  current: KubeObject,
  asked: { readonly uid?: string; readonly resourceVersion?: string },
): Refusal => {
  if (isImmortal(key)) return forbidden(key, key.name, 'this namespace may not be deleted');
  const { uid, resourceVersion } = current.metadata;
  if (asked.uid !== undefined && asked.uid !== uid) return conflict(key, key.name, wrongUid(asked.uid, uid));
  if (asked.resourceVersion !== undefined && asked.resourceVersion !== resourceVersion) {
    return conflict(key, key.name, wrongVersion(asked.resourceVersion, resourceVersion));
  }
  return undefined;
};

const refuseNewFinalizers = (
  definition: ResourceDefinition,
  current: KubeObject,
  sent: KubeObject,
): Refusal => {
  if (current.metadata.deletionTimestamp === undefined) return undefined;
  const held = current.metadata.finalizers ?? [];
  const added = (sent.metadata.finalizers ?? []).filter((each) => !held.includes(each));
  if (added.length === 0) return undefined;
  const why = 'no new finalizers can be added if the object is being deleted, found new finalizers';
  const message = `Forbidden: ${why} ${JSON.stringify(added)}`;
  return invalid(qualifiedKind(definition), current.metadata.name ?? '', [
    { field: 'metadata.finalizers', message },
  ]);
};

/** Why this object may not be replaced by what was sent; undefined when it may. */
export const refuseUpdate = (
  definition: ResourceDefinition,
  current: KubeObject,
  sent: KubeObject,
): Refusal => {
  const name = current.metadata.name ?? '';
  const { resourceVersion = '', uid = '' } = sent.metadata;
  if (uid !== '' && uid !== current.metadata.uid) {
    return conflict(definition, name, wrongUid(uid, current.metadata.uid));
  }
  if (resourceVersion !== '' && resourceVersion !== current.metadata.resourceVersion) {
    return conflict(definition, name, MODIFIED_MEANWHILE);
  }
  return refuseNewFinalizers(definition, current, sent);
};
