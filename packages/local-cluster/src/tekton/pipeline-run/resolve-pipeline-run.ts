/** The first look at a PipelineRun: finds its pipeline, checks that all fits, and fills the variables it can. */

import { err, ok, type Result } from '@tekton-dag/model';
import { failed, type Verdict } from '../specs/condition.ts';
import {
  missingObjectKeys,
  missingParams,
  mistypedParams,
  valuesOutsideEnum,
} from '../specs/check-params.ts';
import type { PipelineSpec } from '../specs/pipeline-spec.ts';
import type { PipelineRun } from '../specs/read-run.ts';
import type { TaskSpec } from '../specs/task-spec.ts';
import { fillPipelineSpec } from './fill-pipeline-spec.ts';
import { buildPipelineGraph } from './pipeline-graph.ts';
import { checkTasks } from './check-tasks.ts';

/** Reads definitions from the cluster; undefined when there is none of that name. */
export interface Definitions {
  pipeline(name: string): PipelineSpec | undefined;
  task(name: string): TaskSpec | undefined;
}

/** The spec to run, stored in the run's status; or the verdict that ends the run. */
export function resolvePipelineRun(
  run: PipelineRun,
  definitions: Definitions,
): Result<PipelineSpec, Verdict> {
  const spec = findPipelineSpec(run, definitions);
  if (!spec.ok) return spec;
  const failure = checkFit(run, spec.value);
  if (failure !== undefined) return err(failure);
  const filled = fillPipelineSpec(run, spec.value);
  const broken = checkTasks(run, filled, definitions);
  return broken === undefined ? ok(filled) : err(broken);
}

function findPipelineSpec(run: PipelineRun, definitions: Definitions): Result<PipelineSpec, Verdict> {
  if (run.spec.pipelineSpec !== undefined) return ok(run.spec.pipelineSpec);
  const name = run.spec.pipelineRef?.name ?? '';
  const found = definitions.pipeline(name);
  if (found !== undefined) return ok(found);
  const why =
    run.spec.pipelineRef?.resolver === undefined
      ? `pipelines.tekton.dev "${name}" not found`
      : `resolver "${run.spec.pipelineRef.resolver}" is not available in a local cluster`;
  return err(
    failed(
      'CouldntGetPipeline',
      `Error retrieving pipeline for pipelinerun ${run.namespace}/${run.name}: ${why}`,
    ),
  );
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
  return failed(
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
    return failed(
      'ParameterMissing',
      `${who} is missing some parameters required by ${pipeline}: pipelineRun missing parameters: [${names}]`,
    );
  }
  const mistyped = mistypedParams(declared, passed);
  if (mistyped.length > 0) {
    return failed(
      'ParameterTypeMismatch',
      `${who} parameters have mismatching types with ${pipeline}'s parameters: parameters have inconsistent types : [${mistyped.join(' ')}]`,
    );
  }
  const [outside] = valuesOutsideEnum(declared, passed);
  if (outside !== undefined)
    return failed('InvalidParamValue', `${who} parameters have invalid value: ${outside}`);
  const keys = missingObjectKeys(declared, passed);
  if (keys.length === 0) return undefined;
  return failed(
    'ObjectParameterMissKeys',
    `${who} parameters is missing object keys required by ${pipeline}'s parameters: pipelineRun missing object keys for parameters: ${keys.join(', ')}`,
  );
}

function checkWorkspaces(run: PipelineRun, spec: PipelineSpec): Verdict | undefined {
  const bound = new Set((run.spec.workspaces ?? []).map((workspace) => workspace.name));
  const missing = (spec.workspaces ?? []).find(
    (workspace) => workspace.optional !== true && !bound.has(workspace.name),
  );
  if (missing === undefined) return undefined;
  return failed(
    'InvalidWorkspaceBindings',
    `PipelineRun ${run.namespace}/${run.name} doesn't bind Pipeline ${run.namespace}/${pipelineNameOf(run)}'s Workspaces correctly: pipeline requires workspace with name "${missing.name}" be provided by pipelinerun`,
  );
}

function checkTaskRunSpecs(run: PipelineRun, spec: PipelineSpec): Verdict | undefined {
  const names = new Set([...(spec.tasks ?? []), ...(spec.finally ?? [])].map((task) => task.name));
  const unknown = (run.spec.taskRunSpecs ?? []).find((one) => !names.has(one.pipelineTaskName));
  if (unknown === undefined) return undefined;
  return failed(
    'InvalidTaskRunSpecs',
    `PipelineRun ${run.namespace}/${run.name} doesn't define taskRunSpecs correctly: pipelineRun's taskrunSpecs defined wrong taskName: "${unknown.pipelineTaskName}", does not exist in Pipeline`,
  );
}

/** The name under which Tekton reports a run's pipeline: an embedded one has the run's own. */
function pipelineNameOf(run: PipelineRun): string {
  return run.spec.pipelineRef?.name ?? run.name;
}
