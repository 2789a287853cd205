/**
 * Header lists as node:http keeps them on the wire: name, value, name, value, in order and in the case they came in.
 * Working on them, and not on an object, is what lets a request pass unchanged.
 */
import type { HeaderEdits } from '../table/route-table.ts';

/** Fields that belong to one connection (RFC 9110, section 7.6.1), whether or not `Connection` names them. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]);

/** Fields that `Connection` may not take away: without them the message would mean something else. */
const END_TO_END = new Set([
  'host',
  'content-length',
  'content-type',
  'authorization',
  'cookie',
  'baggage',
  'traceparent',
]);

/** `raw` without the fields that belong to the connection it came on; those in `keep` (lower case) stay. */
export function endToEndHeaders(raw: readonly string[], keep: ReadonlySet<string>): string[] {
  const named = connectionOptions(raw);
  const kept: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const lower = name.toLowerCase();
    const isDropped = HOP_BY_HOP.has(lower) || (named.has(lower) && !END_TO_END.has(lower));
    if (!isDropped || keep.has(lower)) kept.push(name, raw[at + 1] ?? '');
  }
  return kept;
}

/** All values of the field `name` (lower case). */
export function valuesOf(raw: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    if (raw[at]?.toLowerCase() === name) values.push(raw[at + 1] ?? '');
  }
  return values;
}

/** `raw` with exactly one field `name`: in the place and case of the first one there was, else at the end. */
export function withHeader(raw: readonly string[], name: string, value: string): string[] {
  const lower = name.toLowerCase();
  const result: string[] = [];
  let isSet = false;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const present = raw[at] ?? '';
    if (present.toLowerCase() !== lower) result.push(present, raw[at + 1] ?? '');
    else if (!isSet) {
      result.push(present, value);
      isSet = true;
    }
  }
  return isSet ? result : [...result, name, value];
}

export function withoutHeader(raw: readonly string[], name: string): string[] {
  return raw.filter((_, at) => raw[at - (at % 2)]?.toLowerCase() !== name);
}

/** Applies HTTPRoute header modifiers: set, then add, then remove. */
export function editHeaders(raw: string[], edits: readonly HeaderEdits[]): string[] {
  let result = raw;
  for (const { set, add, remove } of edits) {
    for (const { name, value } of set) result = withHeader(result, name, value);
    for (const { name, value } of add) result = [...result, name, value];
    for (const name of remove) result = withoutHeader(result, name);
  }
  return result;
}

/** Trailers as node:http wants them added. */
export function headerPairs(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return pairs;
}

function connectionOptions(raw: readonly string[]): ReadonlySet<string> {
  const values = valuesOf(raw, 'connection');
  return new Set(values.flatMap((value) => value.split(',').map((option) => option.trim().toLowerCase())));
}
