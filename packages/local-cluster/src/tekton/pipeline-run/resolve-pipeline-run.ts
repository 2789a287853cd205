/** The first look at a PipelineRun: finds its pipeline, checks that all fits, and fills the variables it can. */

import { err, ok, type Result } from '@tekton-dag/model';
import { failed, failedByUser, type Verdict } from '../specs/condition.ts';
import {
  itemsOutOfRange,
  missingObjectKeys,
  missingParams,
  mistypedParams,
  valuesOutsideEnum,
} from '../specs/check-params.ts';
import type { PipelineSpec } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import { fillPipelineSpec } from './fill-pipeline-spec.ts';
import { buildPipelineGraph } from './pipeline-graph.ts';
import { checkTasks } from './check-tasks.ts';
import type { Definitions, FoundPipeline } from './pipeline-definitions.ts';

/** The pipeline of a run, or the verdict that ends the run. */
export function findPipeline(run: PipelineRun, definitions: Definitions): Result<FoundPipeline, Verdict> {
  const { pipelineSpec, pipelineRef = {} } = run.spec;
  if (pipelineSpec !== undefined) return ok({ name: '', spec: pipelineSpec, labels: {}, annotations: {} });
  const found = definitions.pipeline(pipelineRef);
  if (found.ok) return found;
  const { name = '' } = pipelineRef;
  const during = `error when getting Pipeline for PipelineRun ${run.name}: `;
  const asked = `tekton client cannot get pipeline ${name} from local cluster: `;
  const why =
    pipelineRef.resolver === undefined
      ? during + asked + found.error
      : `resolver failed to get Pipeline : ${found.error}`;
  const message = `Error retrieving pipeline for pipelinerun ${run.namespace}/${run.name}: ${why}`;
  return err(failed('CouldntGetPipeline', message));
}

/** The spec to run, stored in the run's status; or the verdict that ends the run. */
export function resolvePipelineRun(
  run: PipelineRun,
  spec: PipelineSpec,
  definitions: Definitions,
): Result<PipelineSpec, Verdict> {
  const failure = checkFit(run, spec);
  if (failure !== undefined) return err(failure);
  const filled = fillPipelineSpec(run, spec);
  const broken = checkTasks(run, filled, definitions);
  return broken === undefined ? ok(filled) : err(broken);
}

function checkFit(run: PipelineRun, spec: PipelineSpec): Verdict | undefined {
  return (
    checkGraph(run, spec) ??
    checkParams(run, spec) ??
    checkWorkspaces(run, spec) ??
    checkTaskRunSpecs(run, spec)
  );
}

function checkGraph(run: PipelineRun, spec: PipelineSpec): Verdict | undefined {
  const graph = buildPipelineGraph(spec.tasks ?? []);
  if (graph.ok) return undefined;
  return failedByUser(
    'PipelineInvalidGraph',
    `PipelineRun ${run.namespace}/${run.name}'s Pipeline DAG is invalid: ${graph.error}`,
  );
}

function checkParams(run: PipelineRun, spec: PipelineSpec): Verdict | undefined {
  const declared = spec.params ?? [];
  const passed = run.spec.params ?? [];
  const who = `PipelineRun ${run.namespace}/${run.name}`;
  const pipeline = `Pipeline ${run.namespace}/${pipelineNameOf(run)}`;
  const missing = missingParams(declared, passed);
  if (missing.length > 0) {
    const names = missing.join(' ');
    return failedByUser(
      'ParameterMissing',
      `${who} is missing some parameters required by ${pipeline}: pipelineRun missing parameters: [${names}]`,
    );
  }
  const mistyped = mistypedParams(declared, passed);
  if (mistyped.length > 0) {
    return failedByUser(
      'ParameterTypeMismatch',
      `${who} parameters have mismatching types with ${pipeline}'s parameters: parameters have inconsistent types : [${mistyped.join(' ')}]`,
    );
  }
  const [outside] = valuesOutsideEnum(declared, passed);
  if (outside !== undefined)
    return failedByUser('InvalidParamValue', `${who} parameters have invalid value: ${outside}`);
  const keys = missingObjectKeys(declared, passed);
  if (keys !== '') {
    return failedByUser(
      'ObjectParameterMissKeys',
      `${who} parameters is missing object keys required by ${pipeline}'s parameters: pipelineRun missing object keys for parameters: ${keys}`,
    );
  }
  return checkItems(run, spec);
}

/** Items of lists that tasks name; embedded specs are looked at when their TaskRun starts. */
function checkItems(run: PipelineRun, spec: PipelineSpec): Verdict | undefined {
  const tasks = [...(spec.tasks ?? []), ...(spec.finally ?? [])];
  const places = tasks.map(({ params, matrix, workspaces, when }) => [
    params,
    matrix?.params,
    workspaces?.map((workspace) => workspace.subPath),
    when,
  ]);
  const outside = itemsOutOfRange(places, spec.params ?? [], run.spec.params ?? []);
  if (outside.length === 0) return undefined;
  return failedByUser(
    'ParamArrayIndexingInvalid',
    `PipelineRun ${run.namespace}/${run.name} failed validation: failed to validate Pipeline ${run.namespace}/${pipelineNameOf(run)}'s parameter which has an invalid index while referring to an array: non-existent param references:[${outside.join(' ')}]`,
  );
}

function checkWorkspaces(run: PipelineRun, spec: PipelineSpec): Verdict | undefined {
  const bound = new Set((run.spec.workspaces ?? []).map((workspace) => workspace.name));
  const missing = (spec.workspaces ?? []).find(
    (workspace) => workspace.optional !== true && !bound.has(workspace.name),
  );
  if (missing === undefined) return undefined;
  return failedByUser(
    'InvalidWorkspaceBindings',
    `PipelineRun ${run.namespace}/${run.name} doesn't bind Pipeline ${run.namespace}/${pipelineNameOf(run)}'s Workspaces correctly: pipeline requires workspace with name "${missing.name}" be provided by pipelinerun`,
  );
}

function checkTaskRunSpecs(run: PipelineRun, spec: PipelineSpec): Verdict | undefined {
  const names = new Set([...(spec.tasks ?? []), ...(spec.finally ?? [])].map((task) => task.name));
  const unknown = (run.spec.taskRunSpecs ?? []).find((one) => !names.has(one.pipelineTaskName));
  if (unknown === undefined) return undefined;
  return failedByUser(
    'InvalidTaskRunSpecs',
    `PipelineRun ${run.namespace}/${run.name} doesn't define taskRunSpecs correctly: pipelineRun's taskrunSpecs defined wrong taskName: "${unknown.pipelineTaskName}", does not exist in Pipeline`,
  );
}

/** The name under which Tekton reports a run's pipeline: an embedded one has the run's own. */
function pipelineNameOf(run: PipelineRun): string {
  return run.spec.pipelineRef?.name ?? run.name;
}
