/** Strategic merge patch: JSON merge patch that knows which lists merge by key, and the `$patch` directives. */

import { isRecord } from '../../objects/is-record.ts';
import { fieldPlace, itemPlace, listSemantics, type Place } from '../schema/list-semantics.ts';

const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';
const RETAIN_KEYS = '$retainKeys';

/** Strategic merge matches by one key alone: the first of those that server-side apply uses. */
const mergeKeyOf = (place: Place): string | undefined => {
  const semantics = listSemantics(place);
  return semantics.type === 'map' ? semantics.keys[0] : undefined;
};

const keyOf = (item: unknown, key: string): unknown => (isRecord(item) ? item[key] : undefined);

/** Directives say what to do; they are never part of the result. */
const withoutDirectives = (value: unknown): unknown => {
  if (Array.isArray(value))
    return value.filter((item) => keyOf(item, '$patch') === undefined).map(withoutDirectives);
  if (!isRecord(value)) return value;
  const fields = Object.entries(value).filter(([field, child]) => !field.startsWith('$') && child !== null);
  return Object.fromEntries(fields.map(([field, child]) => [field, withoutDirectives(child)]));
};

const inOrder = (
  list: readonly unknown[],
  order: unknown,
  rank: (item: unknown) => unknown,
): readonly unknown[] => {
  if (!Array.isArray(order)) return list;
  const position = new Map(order.map((item, index) => [rank(item), index]));
  const at = (item: unknown): number => position.get(rank(item)) ?? -1;
  const ordered = list.filter((item) => at(item) >= 0).sort((a, b) => at(a) - at(b));
  return [...ordered, ...list.filter((item) => at(item) < 0)];
};

const mergeKeyed = (
  target: readonly unknown[],
  patch: readonly unknown[],
  key: string,
  place: Place,
): readonly unknown[] => {
  let merged = [...target];
  for (const item of patch) {
    const index = merged.findIndex((each) => keyOf(each, key) === keyOf(item, key));
    if (keyOf(item, '$patch') === 'delete')
      merged = merged.filter((each) => keyOf(each, key) !== keyOf(item, key));
    else if (index < 0) merged.push(withoutDirectives(item));
    else merged[index] = mergeValue(merged[index], item, itemPlace(place));
  }
  return merged;
};

const mergeList = (target: unknown, patch: readonly unknown[], place: Place): unknown => {
  const key = mergeKeyOf(place);
  const old: readonly unknown[] = Array.isArray(target) ? target : [];
  if (patch.some((item) => keyOf(item, '$patch') === 'replace')) return withoutDirectives(patch);
  if (key !== undefined) return mergeKeyed(old, patch, key, place);
  if (listSemantics(place).type === 'set') return [...new Set([...old, ...patch])];
  return withoutDirectives(patch);
};

const mergeValue = (target: unknown, patch: unknown, place: Place): unknown => {
  if (Array.isArray(patch)) return mergeList(target, patch, place);
  return isRecord(patch) ? mergeFields(isRecord(target) ? target : {}, patch, place) : patch;
};

const applyListDirective = (
  merged: Map<string, unknown>,
  directive: string,
  value: unknown,
  place: Place,
): void => {
  const field = directive.slice(directive.indexOf('/') + 1);
  const list = merged.get(field);
  if (!Array.isArray(list)) return;
  if (directive.startsWith(DELETE_FROM_LIST) && Array.isArray(value)) {
    merged.set(
      field,
      list.filter((item) => !value.includes(item)),
    );
  }
  if (directive.startsWith(ELEMENT_ORDER)) {
    const key = mergeKeyOf(fieldPlace(place, field));
    merged.set(
      field,
      inOrder(list, value, (item) => (key === undefined ? item : keyOf(item, key))),
    );
  }
};

const retainKeys = (merged: Map<string, unknown>, retained: unknown): void => {
  if (!Array.isArray(retained)) return;
  for (const field of merged.keys()) if (!retained.includes(field)) merged.delete(field);
};

const mergeFields = (
  target: Record<string, unknown>,
  patch: Record<string, unknown>,
  place: Place,
): unknown => {
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  const merged = new Map(Object.entries(target));
  retainKeys(merged, patch[RETAIN_KEYS]);
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) continue;
    if (value === null) merged.delete(field);
    else merged.set(field, mergeValue(merged.get(field), value, fieldPlace(place, field)));
  }
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) applyListDirective(merged, field, value, place);
  }
  return Object.fromEntries(merged);
};

/** The patched value; neither argument is changed. */
export const strategicMergePatch = (target: unknown, patch: unknown, place: Place): unknown =>
  mergeValue(target, patch, place);
