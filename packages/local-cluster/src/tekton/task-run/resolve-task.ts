/** The first look at a TaskRun: finds its task and step actions, and checks that params and workspaces fit. */

import { err, ok, type Result } from '@tekton-dag/model';
import { failed, type Verdict } from '../specs/condition.ts';
import {
  missingObjectKeys,
  missingParams,
  mistypedParams,
  valuesOutsideEnum,
} from '../specs/check-params.ts';
import type { TaskRun } from '../specs/read-run.ts';
import type { StepActionSpec, TaskSpec } from '../specs/task-spec.ts';

/** A task with the labels that its pods get. */
export interface FoundTask {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: TaskSpec;
}

export interface TaskDefinitions {
  task(name: string): FoundTask | undefined;
  stepAction(name: string): StepActionSpec | undefined;
}

export interface ResolvedTask extends FoundTask {
  readonly stepActions: ReadonlyMap<string, StepActionSpec>;
}

/** The task to run, or the verdict that ends the TaskRun. */
export function resolveTask(run: TaskRun, definitions: TaskDefinitions): Result<ResolvedTask, Verdict> {
  const found = findTask(run, definitions);
  if (!found.ok) return found;
  const stepActions = findStepActions(found.value.spec, definitions);
  if (!stepActions.ok) return stepActions;
  const failure = checkParams(run, found.value) ?? checkWorkspaces(run, found.value.spec);
  return failure === undefined ? ok({ ...found.value, stepActions: stepActions.value }) : err(failure);
}

function findTask(run: TaskRun, definitions: TaskDefinitions): Result<FoundTask, Verdict> {
  if (run.spec.taskSpec !== undefined) return ok({ name: run.name, labels: {}, spec: run.spec.taskSpec });
  const name = run.spec.taskRef?.name ?? '';
  const resolver = run.spec.taskRef?.resolver;
  const found = resolver === undefined ? definitions.task(name) : undefined;
  if (found !== undefined) return ok(found);
  const why =
    resolver === undefined
      ? `tasks.tekton.dev "${name}" not found`
      : `resolver "${resolver}" is not available in a local cluster`;
  return err(failed('TaskRunResolutionFailed', `error when listing tasks for taskRun ${run.name}: ${why}`));
}

function findStepActions(
  spec: TaskSpec,
  definitions: TaskDefinitions,
): Result<ReadonlyMap<string, StepActionSpec>, Verdict> {
  const names = (spec.steps ?? []).flatMap((step) => step.ref?.name ?? []);
  const actions = new Map<string, StepActionSpec>();
  for (const name of names) {
    const action = definitions.stepAction(name);
    if (action === undefined) {
      return err(failed('TaskRunResolutionFailed', `stepactions.tekton.dev "${name}" not found`));
    }
    actions.set(name, action);
  }
  return ok(actions);
}

function checkParams(run: TaskRun, { name, spec }: FoundTask): Verdict | undefined {
  const declared = spec.params ?? [];
  const passed = run.spec.params ?? [];
  const refuse = (why: string): Verdict =>
    failed('TaskRunValidationFailed', `invalid input params for task ${name}: ${why}`);
  const missing = missingParams(declared, passed);
  if (missing.length > 0) {
    return refuse(`missing values for these params which have no default values: [${missing.join(' ')}]`);
  }
  const mistyped = mistypedParams(declared, passed);
  if (mistyped.length > 0)
    return refuse(`param types don't match the user-specified type: [${mistyped.join(' ')}]`);
  const keys = missingObjectKeys(declared, passed);
  if (keys.length > 0) {
    return refuse(
      `missing keys for these params which are required in ParamSpec's properties ${keys.join(', ')}`,
    );
  }
  const [outside] = valuesOutsideEnum(declared, passed);
  return outside === undefined ? undefined : failed('InvalidParamValue', outside);
}

function checkWorkspaces(run: TaskRun, spec: TaskSpec): Verdict | undefined {
  const declared = new Map((spec.workspaces ?? []).map((workspace) => [workspace.name, workspace]));
  const bound = new Set((run.spec.workspaces ?? []).map((workspace) => workspace.name));
  const missing = [...declared.values()].find((one) => one.optional !== true && !bound.has(one.name));
  if (missing !== undefined) {
    return failed(
      'TaskRunValidationFailed',
      `declared workspace "${missing.name}" is required but has not been bound`,
    );
  }
  const unknown = [...bound].find((name) => !declared.has(name));
  return unknown === undefined
    ? undefined
    : failed(
        'TaskRunValidationFailed',
        `workspace binding "${unknown}" does not match any declared workspace`,
      );
}
