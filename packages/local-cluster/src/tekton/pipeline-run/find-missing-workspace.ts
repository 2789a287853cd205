/** A workspace that a pipeline task passes on although its run was given none of that name. */

import { failed, type Verdict } from '../specs/condition.ts';
import type { PipelineTask } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import type { Definitions } from './pipeline-definitions.ts';

/**
 * The verdict that ends the run when the task cannot do without; found when its TaskRun is due. A task that is not at hand,
 * as after a restart, says itself what it cannot do without.
 */
export function findMissingWorkspace(
  run: PipelineRun,
  task: PipelineTask,
  definitions: Definitions,
): Verdict | undefined {
  const given = new Set((run.spec.workspaces ?? []).map((workspace) => workspace.name));
  const missing = (task.workspaces ?? []).filter(({ name, workspace }) => !given.has(workspace ?? name));
  if (missing.length === 0) return undefined;
  const optional = optionalWorkspacesOf(task, definitions);
  const needed = missing.find(({ name }) => optional?.has(name) === false);
  if (needed === undefined) return undefined;
  return failed(
    'CreateRunFailed',
    `expected workspace "${needed.workspace ?? needed.name}" to be provided by pipelinerun for pipeline task "${task.name}"`,
  );
}

function optionalWorkspacesOf(
  { taskSpec, taskRef = {} }: PipelineTask,
  definitions: Definitions,
): Set<string> | undefined {
  const found = taskSpec === undefined ? definitions.task(taskRef) : undefined;
  const spec = taskSpec ?? (found?.ok === true ? found.value : undefined);
  if (spec === undefined) return undefined;
  const optional = (spec.workspaces ?? []).filter((workspace) => workspace.optional === true);
  return new Set(optional.map((workspace) => workspace.name));
}
