/** Problems of a Tekton object, worded as Tekton's webhook words them. */

import type { FieldError } from '../../contracts/resource-definition.ts';

export const missingField = (field: string): FieldError => ({ field, message: 'missing field(s)' });

export const missingOneOf = (prefix: string, names: readonly string[]): FieldError => ({
  field: names.map((name) => `${prefix}.${name}`).join(', '),
  message: 'expected exactly one, got neither',
});

export const multipleOneOf = (prefix: string, names: readonly string[]): FieldError => ({
  field: names.map((name) => `${prefix}.${name}`).join(', '),
  message: 'expected exactly one, got both',
});

export const invalidValue = (field: string, message: string): FieldError => ({
  field,
  message: `invalid value: ${message}`,
});

/** Kubernetes' own words for a name of a label key. */
const QUALIFIED_NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

/** What a taskRef, a pipelineRef or the ref of a step lacks; a name cannot hold a variable. */
export function referenceNameProblems(
  { name = '', resolver }: { readonly name?: string | undefined; readonly resolver?: string | undefined },
  field: string,
): FieldError[] {
  if (resolver !== undefined) return [];
  if (name === '') return [missingField(`${field}.name`)];
  return isResultName(name) ? [] : [invalidValue(`${field}.name`, QUALIFIED_NAME)];
}

/** A name that is used twice in a list. */
export function duplicates(names: readonly string[], field: (index: number) => string): FieldError[] {
  const seen = new Set<string>();
  return names.flatMap((name, index) => {
    if (seen.has(name)) return [{ field: field(index), message: 'expected exactly one, got both' }];
    seen.add(name);
    return [];
  });
}

/** DNS-1123 label: what names of steps, tasks and workspaces must be. */
export const isDnsLabel = (name: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);

/** Param and result names: letters, digits, `-`, `_`, `.`; not starting with a digit. */
export const isParamName = (name: string): boolean => /^[A-Za-z_][\w.-]*$/.test(name);
export const isResultName = (name: string): boolean => /^([A-Za-z0-9][\w.-]*)?[A-Za-z0-9]$/.test(name);
