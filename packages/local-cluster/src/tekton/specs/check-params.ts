/** Whether the params that are passed fit the params that are declared; in Tekton's words. */

import { collectReferences, type ParamValue } from '@tekton-dag/model';
import { typeOfParamSpec, typeOfParamValue, type Param, type ParamSpec } from './param-value.ts';

/** Why the params of a task do not fit; types and keys are judged of `judged` alone. */
export function misfitOf(
  declared: readonly ParamSpec[],
  passed: readonly Param[],
  judged: readonly Param[] = passed,
): string | undefined {
  const missing = missingParams(declared, passed);
  if (missing.length > 0) {
    return `missing values for these params which have no default values: [${missing.join(' ')}]`;
  }
  const mistyped = mistypedParams(declared, judged);
  if (mistyped.length > 0) return `param types don't match the user-specified type: [${mistyped.join(' ')}]`;
  const keys = missingObjectKeys(declared, judged);
  return keys === ''
    ? undefined
    : `missing keys for these params which are required in ParamSpec's properties ${keys}`;
}

/** Names of declared params without default that nothing gives a value. */
export function missingParams(declared: readonly ParamSpec[], passed: readonly Param[]): string[] {
  const given = new Set(passed.map((param) => param.name));
  return declared
    .filter((spec) => spec.default === undefined && !given.has(spec.name))
    .map((spec) => spec.name);
}

/** Names of passed params whose value is of another type than declared. */
export function mistypedParams(declared: readonly ParamSpec[], passed: readonly Param[]): string[] {
  const types = new Map(declared.map((spec) => [spec.name, typeOfParamSpec(spec)]));
  return passed
    .filter(
      (param) => (types.get(param.name) ?? typeOfParamValue(param.value)) !== typeOfParamValue(param.value),
    )
    .map((param) => param.name);
}

/** References such as `$(params.list[3])` anywhere in a value, to items that the list does not have. */
export function itemsOutOfRange(
  value: unknown,
  declared: readonly ParamSpec[],
  passed: readonly Param[],
): string[] {
  const values = new Map<string, ParamValue | undefined>(
    declared.map((spec) => [`params.${spec.name}`, spec.default]),
  );
  for (const param of passed) values.set(`params.${param.name}`, param.value);
  const outside = collectReferences(value).flatMap(({ text, path, index }) => {
    const list = values.get(path);
    return typeof index === 'number' && Array.isArray(list) && index >= list.length ? [text] : [];
  });
  return [...new Set(outside)].sort();
}

/** `map[name:[key key]]`, as Go prints it, for object params that lack declared keys; '' when none lacks one. */
export function missingObjectKeys(declared: readonly ParamSpec[], passed: readonly Param[]): string {
  const values = new Map(passed.map((param) => [param.name, param.value]));
  const missingOf = (spec: ParamSpec): string[] => {
    if (spec.properties === undefined) return [];
    const given = new Set([
      ...Object.keys(Object(values.get(spec.name))),
      ...Object.keys(Object(spec.default)),
    ]);
    const missing = Object.keys(spec.properties).filter((key) => !given.has(key));
    const isJudged = values.has(spec.name) || spec.default !== undefined;
    return isJudged && missing.length > 0 ? [`${spec.name}:[${missing.join(' ')}]`] : [];
  };
  const all = declared.flatMap(missingOf);
  return all.length === 0 ? '' : `map[${all.join(' ')}]`;
}

/** Passed values outside a declared enum. */
export function valuesOutsideEnum(declared: readonly ParamSpec[], passed: readonly Param[]): string[] {
  const enums = new Map(
    declared.flatMap((spec) => (spec.enum === undefined ? [] : [[spec.name, spec.enum]])),
  );
  return passed.flatMap((param) => {
    const allowed = enums.get(param.name);
    const isOutside = typeof param.value === 'string' && allowed?.includes(param.value) === false;
    return isOutside ? [`param \`${param.name}\` value: ${param.value} is not in the enum list`] : [];
  });
}
