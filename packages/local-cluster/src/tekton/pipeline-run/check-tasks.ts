/** Checks of a run's tasks once they are known: they exist, get their params, and give the results that others read. */

import { ok, type Result } from '@tekton-dag/model';
import { failed, failedByUser, type Verdict } from '../specs/condition.ts';
import { misfitOf } from '../specs/check-params.ts';
import type { ParamSpec } from '../specs/param-value.ts';
import {
  paramsGivenTo,
  type DefinitionRef,
  type PipelineSpec,
  type PipelineTask,
} from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import type { TaskSpec } from '../specs/task-spec.ts';
import { resultReferencesIn } from '../substitution/result-reference.ts';
import { variablesIn } from '../substitution/substitute.ts';
import type { Definitions } from './pipeline-definitions.ts';

type KnownTasks = ReadonlyMap<string, TaskSpec | undefined>;

/** The verdict of the first check that fails. */
export function checkTasks(
  run: PipelineRun,
  spec: PipelineSpec,
  definitions: Definitions,
): Verdict | undefined {
  const tasks = [...(spec.tasks ?? []), ...(spec.finally ?? [])];
  const known = new Map<string, TaskSpec | undefined>();
  for (const task of tasks) {
    const found = findTask(task, definitions);
    if (found?.ok === false) return taskNotFound(run, task, found.error);
    known.set(task.name, found?.value);
  }
  return (
    checkTaskParams(run, tasks, known) ??
    checkResultReferences(tasks, known) ??
    checkPipelineResults(run, spec, known) ??
    checkOptionalWorkspaces(spec, tasks, known)
  );
}

/** A reference that holds the result of another task is looked up when that task has ended. */
function findTask(task: PipelineTask, definitions: Definitions): Result<TaskSpec, string> | undefined {
  if (task.taskSpec !== undefined) return ok(task.taskSpec);
  const ref = task.taskRef ?? {};
  return variablesIn(ref).length > 0 ? undefined : definitions.task(ref);
}

function taskNotFound(run: PipelineRun, task: PipelineTask, why: string): Verdict {
  const { pipelineRef } = run.spec;
  const pipeline = `${run.namespace}/${pipelineRef === undefined ? run.name : (pipelineRef.name ?? '')}`;
  const name = nameOf(task.taskRef ?? {});
  return failed(
    'CouldntGetTask',
    `Pipeline ${pipeline} can't be Run; it contains Tasks that don't exist: Couldn't retrieve Task "${name}": ${why}`,
  );
}

/** By its name, or by what a resolver was asked; Tekton quotes its line ends (GenerateErrorLogString). */
function nameOf({ name = '', resolver, params = [] }: DefinitionRef): string {
  if (resolver === undefined) return name;
  const told = params.filter((param) => param.name === 'name' || param.name === 'url');
  const lines = told.map(({ name: key, value }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return String.raw`${key} = ${text}\n`;
  });
  return [String.raw`resolver type ${resolver}\n`, ...lines].join('');
}

function checkTaskParams(
  run: PipelineRun,
  tasks: readonly PipelineTask[],
  known: KnownTasks,
): Verdict | undefined {
  for (const task of tasks) {
    const problem = paramsProblem(task, known.get(task.name)?.params ?? []);
    if (problem === undefined) continue;
    return failedByUser(
      'PipelineValidationFailed',
      `Validation failed for pipelinerun ${run.name} with error invalid input params for task ${task.taskRef?.name ?? task.name}: ${problem}`,
    );
  }
  return undefined;
}

/** Values that hold results of other tasks are judged when those tasks have ended. */
function paramsProblem(task: PipelineTask, declared: readonly ParamSpec[]): string | undefined {
  const given = (task.params ?? []).filter((param) => resultReferencesIn(param.value).length === 0);
  return misfitOf(declared, paramsGivenTo(task), given);
}

function checkResultReferences(tasks: readonly PipelineTask[], known: KnownTasks): Verdict | undefined {
  for (const task of tasks) {
    for (const { task: maker, result } of resultReferencesIn({ ...task, taskSpec: undefined })) {
      const problem = undeclaredResult(maker, result, known);
      if (problem !== undefined) {
        return failed(
          'InvalidTaskResultReference',
          `invalid result reference in pipeline task "${task.name}": ${problem}`,
        );
      }
    }
  }
  return undefined;
}

function undeclaredResult(maker: string, result: string, known: KnownTasks): string | undefined {
  if (!known.has(maker)) return `referenced pipeline task "${maker}" does not exist`;
  const spec = known.get(maker);
  if (spec === undefined || (spec.results ?? []).some((declared) => declared.name === result))
    return undefined;
  return `"${result}" is not a named result returned by pipeline task "${maker}"`;
}

function checkPipelineResults(run: PipelineRun, spec: PipelineSpec, known: KnownTasks): Verdict | undefined {
  for (const declared of spec.results ?? []) {
    for (const { task, result } of resultReferencesIn(declared.value)) {
      const problem = undeclaredResult(task, result, known);
      if (problem === undefined) continue;
      return failed(
        'InvalidPipelineResultReference',
        `Failed to resolve pipeline result reference for "${run.name}" with error invalid pipeline result "${declared.name}": ${problem}`,
      );
    }
  }
  return undefined;
}

function checkOptionalWorkspaces(
  spec: PipelineSpec,
  tasks: readonly PipelineTask[],
  known: KnownTasks,
): Verdict | undefined {
  const optional = new Set(
    (spec.workspaces ?? []).filter((one) => one.optional === true).map((one) => one.name),
  );
  for (const task of tasks) {
    const required = new Set(
      (known.get(task.name)?.workspaces ?? []).filter((one) => one.optional !== true).map((one) => one.name),
    );
    const broken = (task.workspaces ?? []).find(
      (binding) => required.has(binding.name) && optional.has(binding.workspace ?? ''),
    );
    if (broken === undefined) continue;
    return failedByUser(
      'RequiredWorkspaceMarkedOptional',
      `Optional workspace not supported by task: pipeline workspace "${broken.workspace ?? ''}" is marked optional but pipeline task "${task.name}" requires it be provided`,
    );
  }
  return undefined;
}
