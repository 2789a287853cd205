/** The objects in memory: by resource, namespace and name, by uid, and by the uids of their owners. */

import type { KubeObject, ObjectKey, ResourceKey } from '../contracts/kube-object.ts';

export interface ObjectIndex {
  get(key: ObjectKey): KubeObject | undefined;
  set(key: ObjectKey, object: KubeObject): void;
  remove(key: ObjectKey): void;
  list(resource: ResourceKey, namespace?: string): readonly KubeObject[];
  keyOfUid(uid: string): ObjectKey | undefined;
  /** Keys of the objects that name this uid among their owners. */
  dependentsOf(uid: string): readonly ObjectKey[];
  keys(): readonly ObjectKey[];
}

type ByName = Map<string, KubeObject>;

const resourceId = (resource: ResourceKey): string => `${resource.group}/${resource.resource}`;
const objectId = (key: ObjectKey): string => `${resourceId(key)}/${key.namespace}/${key.name}`;

const childOf = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
};

/** A multimap from owner uid to dependents. */
const createOwnerIndex = () => {
  const dependents = new Map<string, Map<string, ObjectKey>>();
  return {
    add: (key: ObjectKey, object: KubeObject): void => {
      for (const owner of object.metadata.ownerReferences ?? []) {
        childOf(dependents, owner.uid, () => new Map<string, ObjectKey>()).set(objectId(key), key);
      }
    },
    remove: (key: ObjectKey, object: KubeObject): void => {
      for (const owner of object.metadata.ownerReferences ?? []) {
        const of = dependents.get(owner.uid);
        of?.delete(objectId(key));
        if (of?.size === 0) dependents.delete(owner.uid);
      }
    },
    of: (uid: string): readonly ObjectKey[] => [...(dependents.get(uid)?.values() ?? [])],
  };
};

/** An empty index. */
export const createObjectIndex = (): ObjectIndex => {
  const resources = new Map<string, Map<string, ByName>>();
  const keys = new Map<string, ObjectKey>();
  const uids = new Map<string, ObjectKey>();
  const owners = createOwnerIndex();
  const find = (key: ObjectKey): KubeObject | undefined =>
    resources.get(resourceId(key))?.get(key.namespace)?.get(key.name);
  const remove = (key: ObjectKey): void => {
    const object = find(key);
    if (object === undefined) return;
    owners.remove(key, object);
    uids.delete(object.metadata.uid ?? '');
    keys.delete(objectId(key));
    resources.get(resourceId(key))?.get(key.namespace)?.delete(key.name);
  };
  const set = (key: ObjectKey, object: KubeObject): void => {
    const previous = find(key);
    if (previous !== undefined) owners.remove(key, previous);
    owners.add(key, object);
    uids.set(object.metadata.uid ?? '', key);
    keys.set(objectId(key), key);
    const byNamespace = childOf(resources, resourceId(key), () => new Map<string, ByName>());
    childOf(byNamespace, key.namespace, () => new Map<string, KubeObject>()).set(key.name, object);
  };
  const list = (resource: ResourceKey, namespace?: string): readonly KubeObject[] => {
    const byNamespace = resources.get(resourceId(resource));
    if (byNamespace === undefined) return [];
    if (namespace !== undefined) return [...(byNamespace.get(namespace)?.values() ?? [])];
    return [...byNamespace.values()].flatMap((byName) => [...byName.values()]);
  };
  return {
    get: find,
    set,
    remove,
    list,
    keyOfUid: (uid) => uids.get(uid),
    dependentsOf: owners.of,
    keys: () => [...keys.values()],
  };
};
