/** How the lists and maps of an object merge: item by item with a key, as a set, or as one value. */

import { isRecord } from '../../objects/is-record.ts';
import type { OpenApiSchema } from '../../contracts/resource-definition.ts';

/** structured-merge-diff's list types. */
export type ListSemantics =
  | { readonly type: 'map'; readonly keys: readonly string[] }
  | { readonly type: 'set' }
  | { readonly type: 'atomic' };

const ATOMIC: ListSemantics = { type: 'atomic' };
const SET: ListSemantics = { type: 'set' };
const byKeys = (...keys: string[]): ListSemantics => ({ type: 'map', keys });

/** Lists of the built-in kinds, by field name (Kubernetes API reference, `patchMergeKey` and `listMapKey`). */
const BUILT_IN_LISTS = new Map<string, ListSemantics>([
  ['containers', byKeys('name')],
  ['initContainers', byKeys('name')],
  ['ephemeralContainers', byKeys('name')],
  ['env', byKeys('name')],
  ['volumes', byKeys('name')],
  ['volumeMounts', byKeys('mountPath')],
  ['volumeDevices', byKeys('devicePath')],
  ['imagePullSecrets', byKeys('name')],
  ['secrets', byKeys('name')],
  ['hostAliases', byKeys('ip')],
  ['topologySpreadConstraints', byKeys('topologyKey', 'whenUnsatisfiable')],
  ['conditions', byKeys('type')],
  ['ownerReferences', byKeys('uid')],
  ['finalizers', SET],
]);

const BUILT_IN_ATOMIC_MAPS = new Set([
  'selector',
  'nodeSelector',
  'configMapKeyRef',
  'secretKeyRef',
  'fieldRef',
  'resourceFieldRef',
]);

const isContainer = (path: readonly string[]): boolean =>
  path.some((part) => part === 'containers' || part === 'initContainers');

const builtInPorts = (path: readonly string[]): ListSemantics => {
  if (isContainer(path)) return byKeys('containerPort', 'protocol');
  return path.length === 2 && path[0] === 'spec' ? byKeys('port', 'protocol') : ATOMIC;
};

/** True for groups whose kinds are compiled into Kubernetes; only those take strategic merge patches. */
export const isBuiltInGroup = (group: string): boolean =>
  !group.includes('.') || (group.endsWith('.k8s.io') && group !== 'gateway.networking.k8s.io');

const schemaSemantics = (schema: OpenApiSchema | undefined): ListSemantics | undefined => {
  const keys = schema?.['x-kubernetes-list-map-keys'];
  switch (schema?.['x-kubernetes-list-type']) {
    case 'map':
      return byKeys(...(Array.isArray(keys) ? keys.map(String) : []));
    case 'set':
      return SET;
    case 'atomic':
      return ATOMIC;
    default:
      return undefined;
  }
};

/** A place in an object, with what is known about it. */
export interface Place {
  readonly builtIn: boolean;
  /** Field names from the root; list items add none. */
  readonly path: readonly string[];
  readonly schema: OpenApiSchema | undefined;
}

/** How the list at this place merges. Metadata is the same for every kind. */
export const listSemantics = ({ builtIn, path, schema }: Place): ListSemantics => {
  const declared = schemaSemantics(schema);
  if (declared !== undefined) return declared;
  const field = path.at(-1) ?? '';
  if (!builtIn && path[0] !== 'metadata') return ATOMIC;
  return field === 'ports' ? builtInPorts(path) : (BUILT_IN_LISTS.get(field) ?? ATOMIC);
};

/** True when the map at this place is one value that has one owner. */
export const isAtomicMap = ({ builtIn, path, schema }: Place): boolean =>
  schema?.['x-kubernetes-map-type'] === 'atomic' ||
  (builtIn && path.length > 1 && BUILT_IN_ATOMIC_MAPS.has(path.at(-1) ?? ''));

/** The place of a field below this one. */
export const fieldPlace = ({ builtIn, path, schema }: Place, field: string): Place => {
  const properties = isRecord(schema?.properties) ? schema.properties : {};
  const child = properties[field] ?? schema?.additionalProperties;
  return { builtIn, path: [...path, field], schema: isRecord(child) ? child : undefined };
};

/** The place of the items of the list at this one. */
export const itemPlace = ({ builtIn, path, schema }: Place): Place => ({
  builtIn,
  path,
  schema: isRecord(schema?.items) ? schema.items : undefined,
});
