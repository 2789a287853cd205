/** Params that are arrays or objects: they go whole where a list or a param's value is taken, and nowhere else. */

import { collectReferences } from '@tekton-dag/model';
import type { FieldError } from '../../contracts/resource-definition.ts';
import { typeOfParamSpec, type ParamSpec } from '../specs/param-value.ts';
import type { PipelineTask } from '../specs/pipeline-spec.ts';
import type { Step } from '../specs/task-spec.ts';

/** References to whole arrays and objects in a step's texts; its lists may have an array as an item. */
export function wholeParamsInStep(step: Step, declared: readonly ParamSpec[], field: string): FieldError[] {
  const { args, command, params, ...texts } = step;
  return [
    ...wholeReferences(texts, declared).map((text) => ({
      field,
      message: `variable type invalid in "${text}"`,
    })),
    ...crowdedReferences([args, command, params], declared).map((text) => notIsolated(text, field)),
  ];
}

/** References to whole arrays and objects that a pipeline task puts into a longer text. */
export function wholeParamsInTask(
  { params, matrix, when }: PipelineTask,
  declared: readonly ParamSpec[],
  field: string,
): FieldError[] {
  return crowdedReferences([params, matrix, when], declared).map((text) => notIsolated(text, field));
}

const notIsolated = (text: string, field: string): FieldError => ({
  field,
  message: `variable is not properly isolated in "${text}"`,
});

/** The references of a value that stand for a whole array or object. */
function wholeReferences(value: unknown, declared: readonly ParamSpec[]): string[] {
  const whole = new Set(
    declared.filter((spec) => typeOfParamSpec(spec) !== 'string').map((spec) => `params.${spec.name}`),
  );
  return collectReferences(value).flatMap(({ text, path, index }) =>
    whole.has(path) && typeof index !== 'number' ? [text] : [],
  );
}

/** The same, of those texts alone that hold more than the reference. */
function crowdedReferences(value: unknown, declared: readonly ParamSpec[]): string[] {
  return textsIn(value).flatMap((text) =>
    wholeReferences(text, declared).filter((reference) => reference !== text),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
