/** The first look at a TaskRun: finds its task and its step actions. */

import { err, ok, type Result } from '@tekton-dag/model';
import { failed, type Verdict } from '../specs/condition.ts';
import { missingParams } from '../specs/check-params.ts';
import type { DefinitionRef } from '../specs/pipeline-spec.ts';
import type { TaskRun } from '../specs/read-run.ts';
import type { Step, StepActionSpec, TaskSpec } from '../specs/task-spec.ts';
import type { Adopted } from './adopt-metadata.ts';
import { stepActionKey } from './step-plan.ts';

/** A task with the labels and annotations that its runs get. */
export interface FoundTask extends Adopted {
  readonly name: string;
  readonly spec: TaskSpec;
}

export interface TaskDefinitions {
  /** Or why it cannot be had. */
  task(ref: DefinitionRef): Result<FoundTask, string>;
  stepAction(ref: DefinitionRef): Result<StepActionSpec, string>;
}

export interface ResolvedTask extends FoundTask {
  /** By `stepActionKey` of the reference. */
  readonly stepActions: ReadonlyMap<string, StepActionSpec>;
}

/** The task to run, or the verdict that ends the TaskRun. */
export function resolveTask(run: TaskRun, definitions: TaskDefinitions): Result<ResolvedTask, Verdict> {
  const found = findTask(run, definitions);
  if (!found.ok) return found;
  const stepActions = findStepActions(found.value.spec, definitions);
  return stepActions.ok ? ok({ ...found.value, stepActions: stepActions.value }) : stepActions;
}

function findTask(run: TaskRun, definitions: TaskDefinitions): Result<FoundTask, Verdict> {
  const { taskSpec, taskRef = {} } = run.spec;
  if (taskSpec !== undefined) {
    const spec = withGivenWorkspaces(run, taskSpec);
    return ok({ name: run.name, labels: {}, annotations: {}, spec });
  }
  const found = definitions.task(taskRef);
  if (found.ok) return found;
  const during = taskRef.resolver === undefined ? `error when listing tasks for taskRun ${run.name}: ` : '';
  return err(failed('TaskRunResolutionFailed', during + found.error));
}

/** An embedded task may use workspaces that it does not declare (Tekton docs: "Propagated Workspaces"). */
function withGivenWorkspaces(run: TaskRun, spec: TaskSpec): TaskSpec {
  const declared = new Set((spec.workspaces ?? []).map((workspace) => workspace.name));
  const added = (run.spec.workspaces ?? []).filter(({ name }) => !declared.has(name));
  if (added.length === 0) return spec;
  return { ...spec, workspaces: [...(spec.workspaces ?? []), ...added.map(({ name }) => ({ name }))] };
}

function findStepActions(
  spec: TaskSpec,
  definitions: TaskDefinitions,
): Result<ReadonlyMap<string, StepActionSpec>, Verdict> {
  const actions = new Map<string, StepActionSpec>();
  for (const [index, step] of (spec.steps ?? []).entries()) {
    if (step.ref === undefined) continue;
    const action = definitions.stepAction(step.ref);
    const problem = action.ok ? paramsProblem(step, action.value) : action.error;
    if (problem !== undefined) {
      const message = `failed to resolve step ref for step "${step.name ?? ''}" (index ${index}): ${problem}`;
      return err(failed('TaskRunResolutionFailed', message));
    }
    if (action.ok) actions.set(stepActionKey(step.ref), action.value);
  }
  return ok(actions);
}

function paramsProblem({ params = [] }: Step, action: StepActionSpec): string | undefined {
  const declared = action.params ?? [];
  const known = new Set(declared.map((param) => param.name));
  const extra = params.flatMap(({ name }) => (known.has(name) ? [] : [name]));
  if (extra.length > 0) return `extra params passed by Step to StepAction: [${extra.join(' ')}]`;
  const missing = missingParams(declared, params);
  return missing.length > 0 ? `non-existent params in Step: [${missing.join(' ')}]` : undefined;
}
