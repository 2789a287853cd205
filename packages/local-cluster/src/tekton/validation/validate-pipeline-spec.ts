/** Checks a PipelineSpec as Tekton's webhook does, all problems at once. */

import type { FieldError } from '../../contracts/resource-definition.ts';
import { parseDurationMs } from '../specs/duration.ts';
import { pipelineSpecSchema, type PipelineSpec, type PipelineTask } from '../specs/pipeline-spec.ts';
import { MAX_MATRIX_COMBINATIONS, matrixCombinations } from '../pipeline-run/matrix-combinations.ts';
import { buildPipelineGraph } from '../pipeline-run/pipeline-graph.ts';
import { resultReferencesIn } from '../substitution/result-reference.ts';
import { variablesIn } from '../substitution/substitute.ts';
import {
  duplicates,
  invalidValue,
  isDnsLabel,
  missingOneOf,
  multipleOneOf,
  referenceNameProblems,
} from './field-problems.ts';
import { readSpec } from './schema-problems.ts';
import { validateParamSpecs, validatePassedParams } from './validate-params.ts';
import { taskSpecProblems } from './validate-task-spec.ts';
import { whenProblems } from './validate-when.ts';
import { wholeParamsInTask } from './validate-whole-params.ts';

export interface PipelineContext {
  /** A pipeline embedded in a run may use params that only the run knows. */
  readonly isEmbedded: boolean;
}

/** `field` is where the spec stands: `spec` of a Pipeline, `spec.pipelineSpec` of a PipelineRun. */
export function validatePipelineSpec(value: unknown, field: string, context: PipelineContext): FieldError[] {
  const read = readSpec(pipelineSpecSchema, value, field);
  if (!read.ok) return read.error;
  const spec = read.value;
  const tasks = [
    ...(spec.tasks ?? []).map((task, index) => ({ task, field: `${field}.tasks[${index}]` })),
    ...(spec.finally ?? []).map((task, index) => ({ task, field: `${field}.finally[${index}]` })),
  ];
  return [
    ...emptinessProblems(spec, field),
    ...duplicates(
      tasks.map(({ task }) => task.name),
      (index) => `${tasks[index]?.field ?? field}.name`,
    ),
    ...validateParamSpecs(spec.params ?? [], `${field}.params`),
    ...tasks.flatMap(({ task, field }) => pipelineTaskProblems(task, field)),
    ...tasks.flatMap(({ task, field }) => wholeParamsInTask(task, spec.params ?? [], field)),
    ...(context.isEmbedded
      ? []
      : tasks.flatMap(({ task, field }) => unknownParamProblems(task, spec, field))),
    ...tasks.flatMap(({ task, field }) => unknownWorkspaceProblems(task, spec, field, context)),
    ...duplicates(
      (spec.workspaces ?? []).map((workspace) => workspace.name),
      (index) => `${field}.workspaces[${index}].name`,
    ),
    ...graphProblems(spec, field),
    ...finallyProblems(spec, field),
    ...resultProblems(spec, field),
  ];
}

/** A pipeline that says nothing at all; one without tasks but with a description passes, as it does in Tekton. */
function emptinessProblems(spec: PipelineSpec, field: string): FieldError[] {
  const isEmpty = Object.values(spec).every((value) => Array.isArray(value) && value.length === 0);
  const fields = ['description', 'params', 'resources', 'tasks', 'workspaces'];
  return isEmpty
    ? [
        {
          field: fields.map((name) => `${field}.${name}`).join(', '),
          message: 'expected at least one, got none',
        },
      ]
    : [];
}

function pipelineTaskProblems(task: PipelineTask, field: string): FieldError[] {
  return [
    ...nameProblems(task, field),
    ...referenceProblems(task, field),
    ...validatePassedParams(task.params ?? [], `${field}.params`),
    ...whenProblems(task.when ?? [], `${field}.when`),
    ...matrixProblems(task, field),
    ...onErrorProblems(task, field),
    ...timeoutProblems(task, field),
  ];
}

function nameProblems(task: PipelineTask, field: string): FieldError[] {
  if (isDnsLabel(task.name)) return [];
  return [
    {
      field: `${field}.name`,
      message: `invalid value "${task.name}": a pipeline task name must be a DNS label (lower-case letters, digits and '-')`,
    },
  ];
}

function referenceProblems(task: PipelineTask, field: string): FieldError[] {
  const { taskRef, taskSpec } = task;
  if (taskRef !== undefined && taskSpec !== undefined) return [multipleOneOf(field, ['taskRef', 'taskSpec'])];
  if (taskSpec !== undefined) return taskSpecProblems(taskSpec, `${field}.taskSpec`, true);
  if (taskRef === undefined) return [missingOneOf(field, ['taskRef', 'taskSpec'])];
  return referenceNameProblems(taskRef, `${field}.taskRef`);
}

function matrixProblems(task: PipelineTask, field: string): FieldError[] {
  if (task.matrix === undefined) return [];
  const passed = new Set((task.params ?? []).map((param) => param.name));
  const params = task.matrix.params ?? [];
  const both = params.filter((param) => passed.has(param.name));
  const count = matrixCombinations(task.matrix).length;
  return [
    ...validatePassedParams(params, `${field}.matrix.params`),
    ...both.map((param) => multipleOneOf(field, [`matrix[${param.name}]`, `params[${param.name}]`])),
    ...(count > MAX_MATRIX_COMBINATIONS
      ? [{ field: `${field}.matrix`, message: `expected 0 <= ${count} <= ${MAX_MATRIX_COMBINATIONS}` }]
      : []),
  ];
}

function onErrorProblems({ onError = '', retries = 0 }: PipelineTask, field: string): FieldError[] {
  if (!['', 'continue', 'stopAndFail'].includes(onError) && !onError.includes('$(')) {
    return [
      invalidValue(`${field}.onError`, 'PipelineTask OnError must be either "continue" or "stopAndFail"'),
    ];
  }
  return onError === 'continue' && retries > 0
    ? [
        invalidValue(
          `${field}.onError`,
          'PipelineTask OnError cannot be set to "continue" when Retries is greater than 0',
        ),
      ]
    : [];
}

function timeoutProblems({ timeout, retries = 0 }: PipelineTask, field: string): FieldError[] {
  const isBadTimeout = timeout !== undefined && (parseDurationMs(timeout) ?? -1) < 0;
  return [
    ...(isBadTimeout ? [invalidValue(`${field}.timeout`, `${timeout} should be >= 0`)] : []),
    ...(retries < 0 ? [invalidValue(`${field}.retries`, `${retries} should be >= 0`)] : []),
  ];
}

function unknownParamProblems(task: PipelineTask, spec: PipelineSpec, field: string): FieldError[] {
  const params = (spec.params ?? []).map((param) => `params.${param.name}`);
  const { taskSpec: _taskSpec, ...rest } = task;
  const unknown = [...new Set(variablesIn(rest))].filter(
    (variable) =>
      variable.startsWith('params.') &&
      !params.some((param) => variable === param || variable.startsWith(`${param}.`)),
  );
  return unknown.map((variable) => ({ field, message: `non-existent variable in "$(${variable})"` }));
}

function unknownWorkspaceProblems(
  task: PipelineTask,
  spec: PipelineSpec,
  field: string,
  { isEmbedded }: PipelineContext,
): FieldError[] {
  if (isEmbedded) return [];
  const declared = new Set((spec.workspaces ?? []).map((workspace) => workspace.name));
  return (task.workspaces ?? []).flatMap(({ name, workspace }, index) =>
    declared.has(workspace ?? name)
      ? []
      : [
          invalidValue(
            `${field}.workspaces[${index}]`,
            `pipeline task "${task.name}" expects workspace with name "${workspace ?? name}" but none exists in pipeline spec`,
          ),
        ],
  );
}

function graphProblems(spec: PipelineSpec, field: string): FieldError[] {
  const tasks = spec.tasks ?? [];
  const graph = buildPipelineGraph(tasks);
  const readsStatus = tasks.flatMap((task, index) =>
    variablesIn({ ...task, taskSpec: undefined }).some(isStatusVariable)
      ? [
          invalidValue(
            `${field}.tasks[${index}]`,
            'pipeline tasks can not refer to execution status of any other pipeline task or aggregate status of tasks',
          ),
        ]
      : [],
  );
  return [...(graph.ok ? [] : [invalidValue(`${field}.tasks`, graph.error)]), ...readsStatus];
}

const isStatusVariable = (variable: string): boolean =>
  /^tasks\.(status|[^.]+\.(status|reason))$/.test(variable);

function finallyProblems(spec: PipelineSpec, field: string): FieldError[] {
  const names = new Set((spec.tasks ?? []).map((task) => task.name));
  const finals = spec.finally ?? [];
  return finals.flatMap((task, index) => {
    const at = `${field}.finally[${index}]`;
    const unknown = resultReferencesIn(task).filter((reference) => !names.has(reference.task));
    const statuses = variablesIn(task).flatMap(
      (variable) => /^tasks\.([^.]+)\.(?:status|reason)$/.exec(variable)?.[1] ?? [],
    );
    return [
      ...((task.runAfter ?? []).length > 0
        ? [
            invalidValue(
              `${at}.runAfter`,
              `no runAfter allowed under spec.finally, final task ${task.name} has runAfter specified`,
            ),
          ]
        : []),
      ...unknown.map((reference) =>
        invalidValue(
          at,
          `invalid task result reference, final task has task result reference from a task ${reference.task} which is not defined in the pipeline`,
        ),
      ),
      ...statuses
        .filter((name) => !names.has(name))
        .map((name) => invalidValue(at, `pipeline task ${name} is not defined in the pipeline`)),
    ];
  });
}

function resultProblems(spec: PipelineSpec, field: string): FieldError[] {
  const names = new Set([...(spec.tasks ?? []), ...(spec.finally ?? [])].map((task) => task.name));
  return (spec.results ?? []).flatMap((result, index) => {
    const references = resultReferencesIn(result.value);
    const at = `${field}.results[${index}].value`;
    if (references.length === 0) {
      return [
        invalidValue(
          at,
          'expected pipeline results to be task result expressions but no expressions were found',
        ),
      ];
    }
    // Tekton takes what stands before the first reference for a task's name.
    const startsWithText = typeof result.value === 'string' && !result.value.startsWith('$(');
    return !startsWithText && references.every((reference) => names.has(reference.task))
      ? []
      : [invalidValue(at, 'referencing a nonexistent task')];
  });
}
