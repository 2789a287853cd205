/** Cancels the TaskRuns that steps of a run made and that have not ended yet. */
import { LABEL } from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { taskRuns } from './run-kinds.ts';
import type { RunIdentity } from './run-record.ts';
import { readTaskRunOutcome } from './task-run-outcome.ts';

const PIPELINE_TASK_LABEL = 'tekton.dev/pipelineTask';

/** Returns the names of those that were told to end (Tekton docs, Cancelling a TaskRun). */
export const cancelTaskRuns = async (client: KubeClient, run: RunIdentity): Promise<string[]> => {
  const resource = client.resource(taskRuns, run.namespace);
  const { items } = await resource.list({ labelSelector: `${LABEL.run}=${run.name}` });
  // Tekton copies a run's labels to the TaskRuns of its tasks, this step's own among them; ours lack its label.
  const running = items.filter(
    (item) =>
      item.metadata.labels?.[PIPELINE_TASK_LABEL] === undefined &&
      readTaskRunOutcome(item).state === 'running',
  );
  const names = running.flatMap(({ metadata }) => metadata.name ?? []);
  for (const name of names) {
    await resource.patch(name, { spec: { status: 'TaskRunCancelled' } }, { type: 'merge' });
  }
  return names;
};
