/** The Tekton kinds with the model's types, and finding one run. */

import { kinds, type ResourceClient, type ResourceDefinition } from '@tekton-dag/kube';
import type { PipelineRun, TaskRun } from '@tekton-dag/model';
import { CliFailure } from '../cli-failure.ts';
import { EXIT } from '../exit-code.ts';
import type { Cluster } from '../open-cluster.ts';

export const pipelineRuns: ResourceDefinition<PipelineRun> = kinds.pipelineruns;
export const taskRuns: ResourceDefinition<TaskRun> = kinds.taskruns;

/** Runs of the cluster's namespace. */
export function runsOf({ client, namespace }: Cluster): ResourceClient<PipelineRun> {
  return client.resource(pipelineRuns, namespace);
}

/** The run, or an end with exit code 3 when there is none of that name. */
export async function getRun(cluster: Cluster, name: string): Promise<PipelineRun> {
  const run = await runsOf(cluster).get(name);
  if (run !== undefined) return run;
  const hint = 'list runs with `tekton-dag run list -A`';
  throw new CliFailure(EXIT.invalidInput, `there is no run ${name} in namespace ${cluster.namespace}`, hint);
}
