/** TaskRuns in the API. */

import type { KubeClient, ResourceDefinition } from '@tekton-dag/kube';
import { LABEL, type TaskRun } from '@tekton-dag/model';

const definition: ResourceDefinition<TaskRun> = {
  group: 'tekton.dev',
  version: 'v1',
  plural: 'taskruns',
  kind: 'TaskRun',
  namespaced: true,
};

/** The TaskRuns of a run, those of its builds included. Rejects with a KubeError. */
export async function listTaskRuns(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<readonly TaskRun[]> {
  return (await client.resource(definition, namespace).list({ labelSelector: `${LABEL.run}=${name}` })).items;
}
