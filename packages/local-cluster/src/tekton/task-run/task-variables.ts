/** The variables of a task that are known before its first step (Tekton docs: variables.md, "Variables available in a Task"). */

import type { TaskRun } from '../specs/read-run.ts';
import type { TaskSpec } from '../specs/task-spec.ts';
import {
  mergeReplacements,
  replacementsOfParams,
  replacementsOfStrings,
  type Replacements,
} from '../substitution/replacements.ts';
import { stepContainer, stepNameOf } from './step-name.ts';

/** Paths as the steps see them. */
export interface TaskPaths {
  readonly results: string;
  readonly steps: string;
  readonly credentials: string;
  /** Workspace name to path; bound ones only. */
  readonly workspaces: ReadonlyMap<string, string>;
}

export function taskVariables(
  run: TaskRun,
  taskName: string,
  spec: TaskSpec,
  paths: TaskPaths,
): Replacements {
  return mergeReplacements(
    replacementsOfParams(spec.params ?? [], run.spec.params ?? []),
    contextVariables(run, taskName),
    pathVariables(spec, paths),
    workspaceVariables(run, spec, paths),
  );
}

function contextVariables(run: TaskRun, taskName: string): Replacements {
  return replacementsOfStrings({
    'context.taskRun.name': run.name,
    'context.taskRun.namespace': run.namespace,
    'context.taskRun.uid': run.uid,
    'context.task.name': taskName,
    'context.task.retry-count': String(run.status.retriesStatus?.length ?? 0),
  });
}

function pathVariables(spec: TaskSpec, paths: TaskPaths): Replacements {
  const results = (spec.results ?? []).map(({ name }) => [
    `results.${name}.path`,
    `${paths.results}/${name}`,
  ]);
  const exitCodes = (spec.steps ?? []).map((step, index) => {
    const container = stepContainer(stepNameOf(step, index));
    return [`steps.${container}.exitCode.path`, `${paths.steps}/${container}/exitCode`];
  });
  return replacementsOfStrings({
    'credentials.path': paths.credentials,
    ...Object.fromEntries([...results, ...exitCodes]),
  });
}

function workspaceVariables(run: TaskRun, spec: TaskSpec, paths: TaskPaths): Replacements {
  const bindings = new Map((run.spec.workspaces ?? []).map((binding) => [binding.name, binding]));
  const entries = (spec.workspaces ?? []).flatMap(({ name }) => {
    const binding = bindings.get(name);
    return [
      [`workspaces.${name}.bound`, String(binding !== undefined)],
      [`workspaces.${name}.path`, paths.workspaces.get(name) ?? ''],
      [`workspaces.${name}.claim`, binding?.persistentVolumeClaim?.claimName ?? ''],
      [`workspaces.${name}.volume`, binding === undefined ? '' : `ws-${name}`],
    ];
  });
  return replacementsOfStrings(Object.fromEntries(entries));
}
