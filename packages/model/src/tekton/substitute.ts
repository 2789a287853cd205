/** substitute: replaces `$(...)` variables in texts, argument lists, param values and whole objects. */

import type { ParamValue } from './param.ts';
import { type Reference, referencesIn, replaceReferences } from './reference.ts';

/** Values by dotted path, such as `params.image`, `context.taskRun.name` or `tasks.build.results.digest`. */
export type SubstitutionScope = ReadonlyMap<string, ParamValue>;

export interface SubstitutionProblem {
  readonly reason: 'unknown-reference' | 'index-out-of-range' | 'not-a-string';
  /** As written. */
  readonly reference: string;
  readonly message: string;
}

/** The outcome; a reference with a problem is left as written. */
export interface Substitution<T> {
  readonly value: T;
  readonly problems: readonly SubstitutionProblem[];
}

/** A scope of the params of a task or pipeline, under `params.`. */
export function paramScope(params: Iterable<{ readonly name: string; readonly value: ParamValue }>) {
  return new Map<string, ParamValue>(Array.from(params, ({ name, value }) => [`params.${name}`, value]));
}

/** Replaces each reference of a text by its string. Whole arrays and objects are problems here. */
export function substitute(text: string, scope: SubstitutionScope): Substitution<string> {
  const problems: SubstitutionProblem[] = [];
  const value = replaceReferences(text, (reference) => {
    const found = lookUp(reference, scope);
    if (typeof found === 'string') return found;
    problems.push(problemOf(reference, found, scope));
    return reference.text;
  });
  return { value, problems };
}

/** As `substitute` for each item; an item that is nothing but an array's reference becomes its elements. */
export function substituteItems(items: readonly string[], scope: SubstitutionScope): Substitution<string[]> {
  const problems: SubstitutionProblem[] = [];
  const value = items.flatMap((item) => {
    const whole = wholeValueOf(item, scope);
    if (isList(whole)) return whole;
    const substitution = substitute(item, scope);
    problems.push(...substitution.problems);
    return [substitution.value];
  });
  return { value, problems };
}

/** As Tekton does for the value of a param or result: an isolated reference may bring a whole array or object. */
export function substituteParamValue(value: ParamValue, scope: SubstitutionScope): Substitution<ParamValue> {
  if (isList(value)) return substituteItems(value, scope);
  if (typeof value === 'string') {
    const whole = wholeValueOf(value, scope);
    return whole === undefined ? substitute(value, scope) : { value: whole, problems: [] };
  }
  return substituteAll(value, scope);
}

/**
 * Replaces the references in all strings of a JSON value and keeps its shape; arrays of strings may grow where an item
 * is an array's reference. Keys are left alone.
 */
export function substituteAll<T>(value: T, scope: SubstitutionScope): Substitution<T>;
export function substituteAll(value: unknown, scope: SubstitutionScope): Substitution<unknown> {
  if (typeof value === 'string') return substitute(value, scope);
  if (isStrings(value)) return substituteItems(value, scope);
  if (typeof value !== 'object' || value === null) return { value, problems: [] };
  const problems: SubstitutionProblem[] = [];
  const visit = (part: unknown): unknown => {
    const substitution = substituteAll(part, scope);
    problems.push(...substitution.problems);
    return substitution.value;
  };
  if (Array.isArray(value)) return { value: value.map(visit), problems };
  return {
    value: Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visit(part)])),
    problems,
  };
}

/** The array or object that a text stands for when it is one reference and nothing else. */
function wholeValueOf(text: string, scope: SubstitutionScope): Exclude<ParamValue, string> | undefined {
  const [reference] = referencesIn(text);
  if (reference === undefined || reference.text !== text || typeof reference.index === 'number')
    return undefined;
  const found = scope.get(reference.path);
  return typeof found === 'string' ? undefined : found;
}

function lookUp(reference: Reference, scope: SubstitutionScope): ParamValue | undefined {
  const { path, index } = reference;
  const value = scope.get(path) ?? keyOfObject(path, scope);
  if (index === undefined || index === '*') return value;
  return isList(value) ? value[index] : undefined;
}

/** `params.config.url` as the key `url` of the object `params.config`. */
function keyOfObject(path: string, scope: SubstitutionScope): string | undefined {
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const object = scope.get(path.slice(0, dot));
    const key = path.slice(dot + 1);
    if (typeof object === 'object' && !isList(object) && Object.hasOwn(object, key)) return object[key];
  }
  return undefined;
}

function problemOf(
  { text, path, index }: Reference,
  found: ParamValue | undefined,
  scope: SubstitutionScope,
): SubstitutionProblem {
  if (found !== undefined) {
    const message = `${text} is an array or an object and must stand alone`;
    return { reason: 'not-a-string', reference: text, message };
  }
  if (typeof index === 'number' && isList(scope.get(path))) {
    const message = `${text} asks for an element that the array does not have`;
    return { reason: 'index-out-of-range', reference: text, message };
  }
  return { reason: 'unknown-reference', reference: text, message: `${text} refers to nothing` };
}

function isList(value: ParamValue | undefined): value is readonly string[] {
  return Array.isArray(value);
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
