/** Fills a pipeline with what is known before its first task: params, context, bound workspaces. */

import { paramsGivenTo, type PipelineSpec, type PipelineTask } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import {
  mergeReplacements,
  replacementsOfParams,
  replacementsOfStrings,
  withoutParams,
  type Replacements,
} from '../substitution/replacements.ts';
import { substitute } from '../substitution/substitute.ts';

/** The pipeline's spec with its variables replaced; params reach embedded tasks too (docs: "Propagated Parameters"). */
export function fillPipelineSpec(run: PipelineRun, spec: PipelineSpec): PipelineSpec {
  const replacements = mergeReplacements(
    replacementsOfParams(spec.params ?? [], run.spec.params ?? []),
    contextOf(run),
    workspacesOf(run, spec),
  );
  const fill = (task: PipelineTask): PipelineTask => fillTask(task, replacements);
  return {
    ...spec,
    ...(spec.tasks !== undefined && { tasks: spec.tasks.map(fill) }),
    ...(spec.finally !== undefined && { finally: spec.finally.map(fill) }),
  };
}

function contextOf(run: PipelineRun): Replacements {
  return replacementsOfStrings({
    'context.pipelineRun.name': run.name,
    'context.pipelineRun.namespace': run.namespace,
    'context.pipelineRun.uid': run.uid,
    'context.pipeline.name': run.spec.pipelineRef?.name ?? run.name,
  });
}

function workspacesOf(run: PipelineRun, spec: PipelineSpec): Replacements {
  const bound = new Set((run.spec.workspaces ?? []).map((workspace) => workspace.name));
  const names = [...(spec.workspaces ?? []).map((workspace) => workspace.name), ...bound];
  return replacementsOfStrings(
    Object.fromEntries(names.map((name) => [`workspaces.${name}.bound`, String(bound.has(name))])),
  );
}

function fillTask(task: PipelineTask, replacements: Replacements): PipelineTask {
  const { taskSpec, ...rest } = task;
  const withRetries = mergeReplacements(replacements, retriesOf(task));
  const counted = { ...substitute(rest, replacements), ...substitute(fieldsWithRetries(task), withRetries) };
  if (taskSpec === undefined) return counted;
  return { ...counted, taskSpec: substitute(taskSpec, withoutParams(replacements, namesOfInnerScope(task))) };
}

const retriesOf = ({ retries = 0 }: PipelineTask): Replacements =>
  replacementsOfStrings({ 'context.pipelineTask.retries': String(retries) });

/** `$(context.pipelineTask.retries)` is known in these alone, not in an embedded task (Tekton: ApplyPipelineTaskContexts). */
function fieldsWithRetries({ params, matrix, displayName }: PipelineTask) {
  return {
    ...(params !== undefined && { params }),
    ...(matrix !== undefined && { matrix }),
    ...(displayName !== undefined && { displayName }),
  };
}

/** Params that the embedded task gets or declares itself; they hide the pipeline's. */
function namesOfInnerScope(task: PipelineTask): ReadonlySet<string> {
  const defaulted = (task.taskSpec?.params ?? []).filter((spec) => spec.default !== undefined);
  return new Set([...paramsGivenTo(task), ...defaulted].map((param) => param.name));
}
