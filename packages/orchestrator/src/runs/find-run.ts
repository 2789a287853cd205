/** findRun: one of our PipelineRuns by name. */

import type { KubeClient } from '@tekton-dag/kube';
import { LABEL, MANAGED_BY, type PipelineRun } from '@tekton-dag/model';
import type { RunKey } from '@tekton-dag/store';
import { pipelineRunsIn } from './pipeline-runs.ts';

/** Undefined when there is none, or one that is not ours. A list, because the orchestrator's role has no `get`. */
export async function findRun(
  client: KubeClient,
  { namespace, name }: RunKey,
): Promise<PipelineRun | undefined> {
  const { items } = await pipelineRunsIn(client, namespace).list({
    labelSelector: `${LABEL.managedBy}=${MANAGED_BY},${LABEL.run}=${name}`,
  });
  return items.find(({ metadata }) => metadata.name === name);
}
