/**
 * readYamlValue: the value of a YAML file without any place in it, by js-yaml: six times faster than the parser that
 * knows where everything stands. Thousands of files are read when a large platform starts.
 */

import { load } from 'js-yaml';

/**
 * Where the two parsers may differ, or an alias could stand for a thousand others: anchors, aliases, tags, directives,
 * explicit keys, ends of documents, tabs, carriage returns, a comment between a key and its value. Such files are left to
 * the other one, as are all with problems.
 */
const UNUSUAL = /[^\n -~\u00a0-\ud7ff]|(?:^|[\s,:[{-])[&*!%?]|__proto__|^\.\.\.|: *(?:#[^\n]*)?\n\s*#/m;

/** The same value that `readYaml` gives; undefined where it is not sure, or the text is not valid. */
export function readYamlValue(text: string): { readonly value: unknown } | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    const value = load(text);
    return hasNullKey(value) ? undefined : { value };
  } catch {
    return undefined;
  }
}

/** A key that is null, or none at all, becomes the text `null`; the other parser refuses it. */
function hasNullKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, 'null') || Object.values(value).some(hasNullKey);
}
