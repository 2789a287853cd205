/** Who owns which field: the managedFields of an object, and how an ordinary update moves them. */

import { isDeepStrictEqual } from 'node:util';
import { isRecord } from '../../objects/is-record.ts';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { Place } from '../schema/list-semantics.ts';
import { difference, fieldsOf, parseFields, renderFields, union, type FieldSet } from './field-set.ts';
import { valueAt } from './value-at.ts';

/** One writer of an object. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

export interface ManagedEntry extends Manager {
  /** RFC 3339, when the entry last changed. */
  readonly time: string;
  readonly fields: FieldSet;
}

const parseEntry = (entry: unknown): ManagedEntry[] => {
  if (!isRecord(entry) || typeof entry.manager !== 'string') return [];
  return [
    {
      name: entry.manager,
      operation: entry.operation === 'Apply' ? 'Apply' : 'Update',
      apiVersion: String(entry.apiVersion),
      time: String(entry.time),
      fields: parseFields(entry.fieldsV1),
      ...(typeof entry.subresource === 'string' ? { subresource: entry.subresource } : {}),
    },
  ];
};

/** The entries of an object. */
export const readManagedFields = (object: KubeObject): readonly ManagedEntry[] =>
  (object.metadata.managedFields ?? []).flatMap(parseEntry);

const renderEntry = ({ name, operation, apiVersion, time, fields, subresource }: ManagedEntry) => ({
  manager: name,
  operation,
  apiVersion,
  time,
  fieldsType: 'FieldsV1',
  fieldsV1: renderFields(fields),
  ...(subresource === undefined ? {} : { subresource }),
});

/** The object with these entries; entries that own nothing go, but an applier's stays. */
export const withManagedFields = (object: KubeObject, entries: readonly ManagedEntry[]): KubeObject => {
  const { managedFields: _old, ...metadata } = object.metadata;
  const kept = entries.filter(({ fields, operation }) => fields.size > 0 || operation === 'Apply');
  if (kept.length === 0) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, managedFields: kept.map(renderEntry) } };
};

export const isSameManager = (a: Manager, b: Manager): boolean =>
  a.name === b.name && a.operation === b.operation && a.subresource === b.subresource;

const changedFields = (before: KubeObject | undefined, after: KubeObject, place: Place): FieldSet => {
  const fields = fieldsOf(after, place);
  if (before === undefined) return fields;
  const old = fieldsOf(before, place);
  return new Map(
    [...fields].filter(([id, path]) => {
      if (!old.has(id)) return true;
      return (
        !path.at(-1)?.startsWith('k:') && !isDeepStrictEqual(valueAt(before, path), valueAt(after, path))
      );
    }),
  );
};

const addTo = (
  entries: readonly ManagedEntry[],
  manager: Manager,
  fields: FieldSet,
  time: string,
): ManagedEntry[] => {
  if (fields.size === 0) return [...entries];
  const own = entries.find((entry) => isSameManager(entry, manager));
  const grown = { ...manager, time, fields: own === undefined ? fields : union(own.fields, fields) };
  return own === undefined ? [...entries, grown] : entries.map((entry) => (entry === own ? grown : entry));
};

/** `after` with the ownership that follows when `manager` made it out of `before` by an update. */
export const trackUpdate = (
  before: KubeObject | undefined,
  after: KubeObject,
  manager: Manager,
  { place, time }: { readonly place: Place; readonly time: string },
): KubeObject => {
  const changed = changedFields(before, after, place);
  const present = fieldsOf(after, place);
  const gone = before === undefined ? new Map() : difference(fieldsOf(before, place), present);
  const others = (before === undefined ? [] : readManagedFields(before)).map((entry) => {
    const left = difference(entry.fields, gone);
    return isSameManager(entry, manager)
      ? { ...entry, fields: left }
      : { ...entry, fields: difference(left, changed) };
  });
  return withManagedFields(after, addTo(others, manager, changed, time));
};
