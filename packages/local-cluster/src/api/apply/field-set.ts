/** Sets of fields of an object, as managedFields records them (FieldsV1, structured-merge-diff). */

import { isRecord } from '../../objects/is-record.ts';
import { listItemKey } from '../schema/list-item-key.ts';
import { fieldPlace, isAtomicMap, itemPlace, listSemantics, type Place } from '../schema/list-semantics.ts';

/** Path elements as FieldsV1 spells them: `f:<field>`, `k:<key of an item>`, `v:<value of a set's member>`. */
export type FieldPath = readonly string[];

/** Member paths by their identity. */
export type FieldSet = ReadonlyMap<string, FieldPath>;

const identityOf = (path: FieldPath): string => path.join('\u0000');

/** The set of these paths. */
const fieldSetOf = (paths: readonly FieldPath[]): FieldSet =>
  new Map(paths.map((path) => [identityOf(path), path]));

/** Fields that nobody owns: identity, and what the server writes. */
const UNOWNED = new Set([
  'f:apiVersion',
  'f:kind',
  ...[
    'name',
    'namespace',
    'generateName',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'selfLink',
    'managedFields',
  ].map((field) => identityOf(['f:metadata', `f:${field}`])),
]);

const listPaths = (list: readonly unknown[], place: Place, at: FieldPath): FieldPath[] => {
  const semantics = listSemantics(place);
  if (list.length === 0 || semantics.type === 'atomic') return [at];
  if (semantics.type === 'set') return list.map((value) => [...at, `v:${JSON.stringify(value)}`]);
  return list.flatMap((item) => {
    const key = listItemKey(item, semantics.keys);
    const own = [...at, `k:${key}`];
    return [own, ...(isRecord(item) ? recordPaths(item, itemPlace(place), own) : [])];
  });
};

const recordPaths = (record: Record<string, unknown>, place: Place, at: FieldPath): FieldPath[] =>
  Object.entries(record).flatMap(([field, value]) =>
    valuePaths(value, fieldPlace(place, field), [...at, `f:${field}`]),
  );

const valuePaths = (value: unknown, place: Place, at: FieldPath): FieldPath[] => {
  if (UNOWNED.has(identityOf(at))) return [];
  if (Array.isArray(value)) return listPaths(value, place, at);
  if (!isRecord(value) || isAtomicMap(place)) return [at];
  const children = recordPaths(value, place, at);
  return children.length === 0 && Object.keys(value).length === 0 ? [at] : children;
};

/** The fields that are set in an object; `place` is its root. */
export const fieldsOf = (object: Readonly<Record<string, unknown>>, place: Place): FieldSet =>
  fieldSetOf(recordPaths(object, place, []));

export const union = (a: FieldSet, b: FieldSet): FieldSet => new Map([...a, ...b]);

export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  new Map([...a].filter(([id]) => !b.has(id)));

const collect = (node: Record<string, unknown>, at: FieldPath, paths: FieldPath[]): void => {
  const children = Object.entries(node).filter(([element]) => element !== '.');
  if (at.length > 0 && (children.length === 0 || '.' in node)) paths.push(at);
  for (const [element, child] of children) collect(isRecord(child) ? child : {}, [...at, element], paths);
};

/** Reads the tree form of FieldsV1. */
export const parseFields = (fieldsV1: unknown): FieldSet => {
  const paths: FieldPath[] = [];
  collect(isRecord(fieldsV1) ? fieldsV1 : {}, [], paths);
  return fieldSetOf(paths);
};

interface Tree {
  member: boolean;
  readonly children: Map<string, Tree>;
}

const treeJson = ({ member, children }: Tree): Record<string, unknown> => ({
  ...(member && children.size > 0 ? { '.': {} } : {}),
  ...Object.fromEntries([...children].map(([element, child]) => [element, treeJson(child)])),
});

/** Writes the tree form of FieldsV1. */
export const renderFields = (fields: FieldSet): Record<string, unknown> => {
  const root: Tree = { member: false, children: new Map() };
  for (const path of fields.values()) {
    let node = root;
    for (const element of path) {
      const next: Tree = node.children.get(element) ?? { member: false, children: new Map() };
      node.children.set(element, next);
      node = next;
    }
    node.member = true;
  }
  return treeJson(root);
};
