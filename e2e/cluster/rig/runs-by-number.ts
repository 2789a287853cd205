/** countRunsByNumber: how many runs each pull request has. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { LABEL } from '@tekton-dag/model';

/** Number of the pull request to how many PipelineRuns of the namespace test it. */
export async function countRunsByNumber(
  client: KubeClient,
  namespace: string,
): Promise<ReadonlyMap<number, number>> {
  const { items } = await client.resource(kinds.pipelineruns, namespace).list();
  const counts = new Map<number, number>();
  for (const { metadata } of items) {
    const number = Number(metadata?.labels?.[LABEL.pullRequest]);
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}
