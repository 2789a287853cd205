/** Cancels the TaskRuns of a run that have not ended yet. */
import { LABEL } from '@tekton-dag/model';
import type { KubeClient } from '@tekton-dag/kube';
import { taskRuns } from '../kubernetes/run-kinds.ts';
import type { RunIdentity } from '../kubernetes/run-record.ts';
import { readBuildOutcome } from './build-outcome.ts';

/** Returns the names of those that were told to end (Tekton docs, Cancelling a TaskRun). */
export const cancelBuilds = async (client: KubeClient, run: RunIdentity): Promise<string[]> => {
  const resource = client.resource(taskRuns, run.namespace);
  const { items } = await resource.list({ labelSelector: `${LABEL.run}=${run.name}` });
  // Pods of the pipeline's own tasks may carry the run's label; only those made by `build` refer to build-app.
  const running = items.filter(
    (item) => item.spec.taskRef?.name === 'build-app' && readBuildOutcome(item).state === 'running',
  );
  const names = running.flatMap(({ metadata }) => metadata.name ?? []);
  for (const name of names) {
    await resource.patch(name, { spec: { status: 'TaskRunCancelled' } }, { type: 'merge' });
  }
  return names;
};
