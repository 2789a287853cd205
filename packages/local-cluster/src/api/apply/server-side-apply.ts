/** Server-side apply (Kubernetes docs, "Server-Side Apply"): merge, conflicts between managers, removal of what is no longer applied. */

import { isDeepStrictEqual } from 'node:util';
import { err, ok, type Result } from '@tekton-dag/model';
import type { KubeObject } from '../../contracts/kube-object.ts';
import type { Place } from '../schema/list-semantics.ts';
import { isKubeObject } from '../http/parse-object.ts';
import { difference, fieldsOf, type FieldPath, type FieldSet } from './field-set.ts';
import { lastAppliedFields } from './last-applied-fields.ts';
import {
  isSameManager,
  readManagedFields,
  withManagedFields,
  type ManagedEntry,
  type Manager,
} from './managed-fields.ts';
import { mergeApplied } from './merge-applied.ts';
import { valueAt, withoutValueAt } from './value-at.ts';

export interface ApplyConflict {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  /** As kubectl shows it, e.g. `.spec.replicas` or `.spec.containers[name="a"].image`. */
  readonly field: string;
}

export interface ApplyOptions {
  readonly manager: Manager;
  readonly force: boolean;
  readonly place: Place;
  /** RFC 3339. */
  readonly time: string;
}

const keyText = (key: string): string => {
  const fields: Record<string, unknown> = JSON.parse(key);
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
};

const showElement = (element: string): string => {
  if (element.startsWith('f:')) return `.${element.slice(2)}`;
  return element.startsWith('k:') ? `[${keyText(element.slice(2))}]` : `[=${element.slice(2)}]`;
};

const showPath = (path: FieldPath): string => path.map(showElement).join('');

/** Fields of `entry` that the applied configuration wants otherwise. */
const contested = (entry: ManagedEntry, wanted: FieldSet, live: KubeObject, applied: KubeObject): FieldSet =>
  new Map(
    [...wanted].filter(
      ([id, path]) =>
        entry.fields.has(id) &&
        !path.at(-1)?.startsWith('k:') &&
        !isDeepStrictEqual(valueAt(live, path), valueAt(applied, path)),
    ),
  );

const conflictsOf = (entry: ManagedEntry, fields: FieldSet): ApplyConflict[] =>
  [...fields.values()].map((path) => ({
    manager: entry.name,
    apiVersion: entry.apiVersion,
    field: showPath(path),
    ...(entry.subresource === undefined ? {} : { subresource: entry.subresource }),
  }));

/** True when a field, or something below it, has an owner. */
const isOwned = (path: FieldPath, owners: readonly FieldSet[]): boolean =>
  owners.some((fields) =>
    [...fields.values()].some((owned) => path.every((element, index) => owned[index] === element)),
  );

/** Takes away what this manager applied before, applies no more, and nobody else owns. */
const withoutDropped = (merged: unknown, dropped: FieldSet, owners: readonly FieldSet[]): unknown => {
  const itemsBeforeFields = [...dropped.values()].toSorted((a, b) => a.length - b.length);
  return itemsBeforeFields.reduce<unknown>(
    (object, path) => (isOwned(path, owners) ? object : withoutValueAt(object, path)),
    merged,
  );
};

/** kubectl alone may go over from its apply on the client side; other managers resolve their conflicts themselves. */
const isHandover = (
  disputed: readonly FieldSet[],
  live: KubeObject,
  { manager, place }: ApplyOptions,
): boolean => {
  if (manager.name !== 'kubectl') return false;
  const allowed = lastAppliedFields(live, place);
  return disputed.every((fields) => difference(fields, allowed).size === 0);
};

/** Merges `applied` into `live`; the error lists every conflict. */
export const serverSideApply = (
  live: KubeObject,
  applied: KubeObject,
  options: ApplyOptions,
): Result<KubeObject, readonly ApplyConflict[]> => {
  const { manager, place, time } = options;
  const wanted = fieldsOf(applied, place);
  const entries = readManagedFields(live);
  const own = entries.find((entry) => isSameManager(entry, manager));
  const others = entries.filter((entry) => entry !== own);
  const disputes = others.map((entry) => ({ entry, fields: contested(entry, wanted, live, applied) }));
  const conflicts = disputes.flatMap(({ entry, fields }) => conflictsOf(entry, fields));
  const isForced =
    options.force ||
    isHandover(
      disputes.map(({ fields }) => fields),
      live,
      options,
    );
  if (conflicts.length > 0 && !isForced) return err(conflicts);
  const left = disputes.map(({ entry, fields }) => ({ ...entry, fields: difference(entry.fields, fields) }));
  const dropped = own === undefined ? new Map<string, FieldPath>() : difference(own.fields, wanted);
  const owners = [wanted, ...left.map(({ fields }) => fields)];
  const merged = withoutDropped(mergeApplied(live, applied, place), dropped, owners);
  if (!isKubeObject(merged)) return ok(live);
  const unchanged =
    own !== undefined && isDeepStrictEqual([...own.fields.keys()].sort(), [...wanted.keys()].sort());
  return ok(
    withManagedFields(merged, [...left, { ...manager, time: unchanged ? own.time : time, fields: wanted }]),
  );
};
