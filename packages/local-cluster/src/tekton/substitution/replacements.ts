/** The variables that are known at one moment: the scope that texts are substituted with. */

import type { ParamValue, SubstitutionScope } from '@tekton-dag/model';
import type { Param, ParamSpec } from '../specs/param-value.ts';

/** Dotted path to value, e.g. `params.list`, `tasks.build.results.url`. */
export type Replacements = SubstitutionScope;

export const NO_REPLACEMENTS: Replacements = new Map();

/** Replacements for plain texts, e.g. context variables. */
export function replacementsOfStrings(strings: Readonly<Record<string, string>>): Replacements {
  return new Map(Object.entries(strings));
}

/** All of them; a later one wins over an earlier one of the same key. */
export function mergeReplacements(...all: readonly Replacements[]): Replacements {
  const merged = new Map<string, ParamValue>();
  for (const one of all) for (const [key, value] of one) merged.set(key, value);
  return merged;
}

/** `$(params.*)` from declared defaults and passed values; keys that a passed object lacks come from its default. */
export function replacementsOfParams(declared: readonly ParamSpec[], passed: readonly Param[]): Replacements {
  const values = new Map<string, ParamValue>();
  for (const { name, default: fallback } of declared)
    if (fallback !== undefined) values.set(pathOf(name), fallback);
  for (const { name, value } of passed) {
    for (const [key, text] of lackingKeys(values.get(pathOf(name)), value))
      values.set(`${pathOf(name)}.${key}`, text);
    values.set(pathOf(name), value);
  }
  return values;
}

const pathOf = (param: string): string => `params.${param}`;

function lackingKeys(fallback: ParamValue | undefined, value: ParamValue): [string, string][] {
  if (!isObject(fallback) || !isObject(value)) return [];
  return Object.entries(fallback).filter(([key]) => !Object.hasOwn(value, key));
}

function isObject(value: ParamValue | undefined): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The same without the params of these names: an inner scope hides an outer one. */
export function withoutParams(replacements: Replacements, names: ReadonlySet<string>): Replacements {
  const hidden = new Set([...names].map(pathOf));
  return new Map([...replacements].filter(([path]) => !hidden.has(path) && !hidden.has(parentOf(path))));
}

/** `params.place` of `params.place.port`. */
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));
