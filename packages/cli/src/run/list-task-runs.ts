/** listTaskRuns: the TaskRuns of a run: those that Tekton made and those that its build task started. */

import { LABEL, type TaskRun } from '@tekton-dag/model';
import type { Cluster } from '../open-cluster.ts';
import { taskRuns } from './pipeline-runs.ts';

/** Each once, in no order. */
export async function listTaskRuns({ client, namespace }: Cluster, run: string): Promise<TaskRun[]> {
  const ofNamespace = client.resource(taskRuns, namespace);
  const lists = await Promise.all(
    [`tekton.dev/pipelineRun=${run}`, `${LABEL.run}=${run}`].map((labelSelector) =>
      ofNamespace.list({ labelSelector }),
    ),
  );
  return mergeTaskRuns(lists.map(({ items }) => items));
}

/** Joins lists that may name the same TaskRun. */
export function mergeTaskRuns(lists: readonly (readonly TaskRun[])[]): TaskRun[] {
  return [...new Map(lists.flat().map((taskRun) => [taskRun.metadata.name, taskRun])).values()];
}
