/** Merges an applied configuration into the live object: maps by field, keyed lists by item, sets by union. */

import { isRecord } from '../../objects/is-record.ts';
import { listItemKey } from '../schema/list-item-key.ts';
import { fieldPlace, isAtomicMap, itemPlace, listSemantics, type Place } from '../schema/list-semantics.ts';

const mergeKeyed = (
  live: readonly unknown[],
  applied: readonly unknown[],
  keys: readonly string[],
  place: Place,
): unknown[] => {
  const merged = [...live];
  for (const item of applied) {
    const key = listItemKey(item, keys);
    const index = merged.findIndex((each) => listItemKey(each, keys) === key);
    if (index < 0) merged.push(item);
    else merged[index] = mergeApplied(merged[index], item, itemPlace(place));
  }
  return merged;
};

const mergeLists = (live: unknown, applied: readonly unknown[], place: Place): unknown => {
  const semantics = listSemantics(place);
  const old: readonly unknown[] = Array.isArray(live) ? live : [];
  if (semantics.type === 'map') return mergeKeyed(old, applied, semantics.keys, place);
  return semantics.type === 'set' ? [...new Set([...old, ...applied])] : applied;
};

/** The merged value; what the applied configuration does not name stays. */
export const mergeApplied = (live: unknown, applied: unknown, place: Place): unknown => {
  if (Array.isArray(applied)) return mergeLists(live, applied, place);
  if (!isRecord(applied) || !isRecord(live) || isAtomicMap(place)) return applied;
  const merged = Object.entries(applied).map(([field, value]): [string, unknown] => [
    field,
    mergeApplied(live[field], value, fieldPlace(place, field)),
  ]);
  return { ...live, ...Object.fromEntries(merged) };
};
