/** Reads one field of an object by its path, for columns and selectors. */

import { isRecord } from '../../objects/is-record.ts';

/** The value below `object` along `path`; undefined when any part is missing. */
export const readField = (object: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, field) => (isRecord(value) ? value[field] : undefined), object);

/** The same as text; empty for what is missing or not a scalar. */
export const readText = (object: unknown, ...path: readonly string[]): string => {
  const value = readField(object, ...path);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
};
