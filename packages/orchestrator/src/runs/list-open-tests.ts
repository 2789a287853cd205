/** listOpenTests: the test runs of a pull request's session that have not ended. */

import type { KubeClient } from '@tekton-dag/kube';
import { LABEL, MANAGED_BY, type PipelineRun } from '@tekton-dag/model';
import { pipelineRunsIn } from './pipeline-runs.ts';
import { phaseOf } from './run-phase.ts';

/** Those that continue others count, releases do not. */
export async function listOpenTests(
  client: KubeClient,
  { namespace, session }: { readonly namespace: string; readonly session: string },
): Promise<readonly PipelineRun[]> {
  const selector = `${LABEL.managedBy}=${MANAGED_BY},${LABEL.session}=${session},${LABEL.mode} in (pr,continue)`;
  const { items } = await pipelineRunsIn(client, namespace).list({ labelSelector: selector });
  return items.filter((run) => phaseOf(run) !== 'finished');
}
