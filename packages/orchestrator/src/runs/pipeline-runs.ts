/** PipelineRuns in the API. */

import type { KubeClient, ResourceClient, ResourceDefinition } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';

const definition: ResourceDefinition<PipelineRun> = {
  group: 'tekton.dev',
  version: 'v1',
  plural: 'pipelineruns',
  kind: 'PipelineRun',
  namespaced: true,
};

/** The PipelineRuns of one namespace. */
export function pipelineRunsIn(client: KubeClient, namespace: string): ResourceClient<PipelineRun> {
  return client.resource(definition, namespace);
}
