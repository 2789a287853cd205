/** Puts values in place of the variables of a whole value, once: what a value holds is never read as a variable. */

import {
  collectReferences,
  substitute as substituteReferences,
  substituteItems,
  substituteParamValue,
} from '@tekton-dag/model';
import type { Replacements } from './replacements.ts';

/** Every variable named anywhere in a value, as dotted path, e.g. `workspaces.source.path`. */
export function variablesIn(value: unknown): string[] {
  return collectReferences(value).map((reference) => reference.path);
}

/** A text with its known variables replaced; unknown ones stay as they are. */
export function substituteText(text: string, replacements: Replacements): string {
  return text.includes('$(') ? substituteReferences(text, replacements).value : text;
}

/**
 * A whole value with its known variables replaced. An item that is nothing but `$(list[*])` becomes the list's items;
 * a field that is nothing but `$(list[*])` or `$(object[*])` becomes the list or the object.
 */
export function substitute<T>(value: T, replacements: Replacements): T;
export function substitute(value: unknown, replacements: Replacements): unknown {
  if (typeof value === 'string') {
    return value.includes('$(') ? substituteParamValue(value, replacements).value : value;
  }
  if (Array.isArray(value)) return value.flatMap((item: unknown) => substituteItem(item, replacements));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, substitute(inner, replacements)]),
  );
}

function substituteItem(item: unknown, replacements: Replacements): unknown {
  if (typeof item !== 'string') return [substitute(item, replacements)];
  return item.includes('$(') ? substituteItems([item], replacements).value : [item];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
