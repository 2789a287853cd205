/** The key of an item in a keyed list, e.g. `{"containerPort":80,"protocol":"TCP"}`. */

import { isRecord } from '../../objects/is-record.ts';

const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

/** Canonical JSON of the key fields; undefined when the item lacks one that has no default. */
export const listItemKey = (item: unknown, keys: readonly string[]): string | undefined => {
  if (!isRecord(item)) return undefined;
  const entries = keys.toSorted().map((key): [string, unknown] => [key, item[key] ?? KEY_DEFAULTS[key]]);
  return entries.some(([, value]) => value === undefined)
    ? undefined
    : JSON.stringify(Object.fromEntries(entries));
};
