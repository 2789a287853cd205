/** Whether the params and workspaces of a TaskRun fit its task; in Tekton's words. */

import { failedByUser, type Verdict } from '../specs/condition.ts';
import { itemsOutOfRange, misfitOf, valuesOutsideEnum } from '../specs/check-params.ts';
import type { TaskRun } from '../specs/read-run.ts';
import type { TaskSpec } from '../specs/task-spec.ts';
import type { ResolvedTask } from './resolve-task.ts';

/** The verdict that ends the TaskRun, if any. */
export function checkTask(run: TaskRun, task: ResolvedTask): Verdict | undefined {
  return checkParams(run, task) ?? checkWorkspaces(run, task.spec);
}

function checkParams(run: TaskRun, { name, spec }: ResolvedTask): Verdict | undefined {
  const declared = spec.params ?? [];
  const passed = run.spec.params ?? [];
  const misfit = misfitOf(declared, passed);
  if (misfit !== undefined) {
    return failedByUser('TaskRunValidationFailed', `invalid input params for task ${name}: ${misfit}`);
  }
  const [outside] = valuesOutsideEnum(declared, passed);
  if (outside !== undefined) return failedByUser('InvalidParamValue', outside);
  const items = itemsOutOfRange(spec, declared, passed);
  return items.length === 0
    ? undefined
    : failedByUser('TaskRunValidationFailed', `non-existent param references:[${items.join(' ')}]`);
}

function checkWorkspaces(run: TaskRun, spec: TaskSpec): Verdict | undefined {
  const declared = new Map((spec.workspaces ?? []).map((workspace) => [workspace.name, workspace]));
  const bound = new Set((run.spec.workspaces ?? []).map((workspace) => workspace.name));
  const missing = [...declared.values()].find((one) => one.optional !== true && !bound.has(one.name));
  if (missing !== undefined) {
    return failedByUser(
      'TaskRunValidationFailed',
      `declared workspace "${missing.name}" is required but has not been bound`,
    );
  }
  const unknown = [...bound].find((name) => !declared.has(name));
  return unknown === undefined
    ? undefined
    : failedByUser(
        'TaskRunValidationFailed',
        `workspace binding "${unknown}" does not match any declared workspace`,
      );
}
