/** Fan-out of a matrix into the params of each TaskRun (Tekton docs: matrix.md). */

import type { Matrix } from '../specs/pipeline-spec.ts';
import type { Param } from '../specs/param-value.ts';

/** Most combinations one matrix may make; Tekton's default-max-matrix-combinations-count. */
export const MAX_MATRIX_COMBINATIONS = 256;

type Combination = ReadonlyMap<string, string>;

/**
 * One list of params per TaskRun. `params` are multiplied; an `include` adds its params to each combination that it
 * does not contradict, and makes a combination of its own when it names a value that no combination has.
 */
export function matrixCombinations(matrix: Matrix): Param[][] {
  const includes = (matrix.include ?? []).map((include) => combinationOf(include.params ?? []));
  const crossed = multiply(matrix.params ?? []);
  if ((matrix.params ?? []).length === 0) return includes.map(paramsOf);
  const extended = crossed.map((combination) => includes.reduce(extend, combination));
  return includes.reduce(addWhenNew, extended).map(paramsOf);
}

/** True when a matrix param is an empty array, which skips the task. */
export function hasEmptyMatrixParam(matrix: Matrix): boolean {
  return (matrix.params ?? []).some((param) => Array.isArray(param.value) && param.value.length === 0);
}

/** The names of include entries that a combination matches; they become its display name. */
export function includeNamesOf(matrix: Matrix, params: readonly Param[]): string[] {
  const combination = combinationOf(params);
  return (matrix.include ?? []).flatMap((include) => {
    const matches = (include.params ?? []).every((param) => combination.get(param.name) === param.value);
    return include.name !== undefined && matches ? [include.name] : [];
  });
}

/** The first param varies fastest, as Tekton orders its combinations. */
function multiply(params: readonly Param[]): Combination[] {
  let combinations: Combination[] = [new Map()];
  for (const param of params) {
    const values = Array.isArray(param.value) ? param.value : [];
    combinations = values.flatMap((value) =>
      combinations.map((combination) => new Map([...combination, [param.name, value]])),
    );
  }
  return combinations;
}

function extend(combination: Combination, include: Combination): Combination {
  const contradicts = [...include].some(([name, value]) => (combination.get(name) ?? value) !== value);
  return contradicts ? combination : new Map([...combination, ...include]);
}

function addWhenNew(combinations: Combination[], include: Combination): Combination[] {
  const isKnown = combinations.some((combination) =>
    [...include].some(([name, value]) => combination.get(name) === value),
  );
  return isKnown || include.size === 0 ? combinations : [...combinations, include];
}

function combinationOf(params: readonly Param[]): Combination {
  return new Map(
    params.flatMap((param) => (typeof param.value === 'string' ? [[param.name, param.value]] : [])),
  );
}

function paramsOf(combination: Combination): Param[] {
  return [...combination]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}
