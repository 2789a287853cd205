/** Finds and removes what a FieldsV1 path names in an object. */

import { isRecord } from '../../objects/is-record.ts';
import { listItemKey } from '../schema/list-item-key.ts';
import type { FieldPath } from './field-set.ts';

const keyNames = (element: string): string[] => {
  const key: unknown = JSON.parse(element.slice(2));
  return isRecord(key) ? Object.keys(key) : [];
};

/** Index of the item that `k:` or `v:` names. */
const itemIndex = (list: readonly unknown[], element: string): number => {
  const wanted = element.slice(2);
  if (element.startsWith('v:')) return list.findIndex((item) => JSON.stringify(item) === wanted);
  const names = keyNames(element);
  return list.findIndex((item) => listItemKey(item, names) === wanted);
};

const childAt = (value: unknown, element: string): unknown => {
  if (element.startsWith('f:')) return isRecord(value) ? value[element.slice(2)] : undefined;
  return Array.isArray(value) ? value[itemIndex(value, element)] : undefined;
};

/** The value at the path; undefined when there is none. */
export const valueAt = (object: unknown, path: FieldPath): unknown =>
  path.reduce<unknown>((value, element) => childAt(value, element), object);

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;

const withoutChild = (value: unknown, element: string): unknown => {
  if (Array.isArray(value)) {
    const index = itemIndex(value, element);
    return index < 0 ? value : value.toSpliced(index, 1);
  }
  if (!isRecord(value)) return value;
  const { [element.slice(2)]: _removed, ...rest } = value;
  return rest;
};

const withChild = (value: unknown, element: string, child: unknown): unknown => {
  if (Array.isArray(value)) return value.with(itemIndex(value, element), child);
  return isRecord(value) ? { ...value, [element.slice(2)]: child } : value;
};

/** The object without the value at the path; containers that become empty by it go too. */
export const withoutValueAt = (object: unknown, [element, ...rest]: FieldPath): unknown => {
  if (element === undefined) return object;
  if (rest.length === 0) return withoutChild(object, element);
  const child = childAt(object, element);
  if (child === undefined) return object;
  const changed = withoutValueAt(child, rest);
  if (changed === child) return object;
  return isEmpty(changed) ? withoutChild(object, element) : withChild(object, element, changed);
};
