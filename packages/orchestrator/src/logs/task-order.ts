/** orderOfTasks: where each task of a run stands in its pipeline. Times of pods are whole seconds, and several may start in one. */

import type { KubeClient } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import { pipelineRunsIn } from '../runs/pipeline-runs.ts';

export interface TaskOrder {
  /** A task that is not known is the last. Builds of apps follow the task that makes them. */
  indexOf(task: string): number;
}

/** Of a run that is gone nothing is known. */
export async function orderOfTasks(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<TaskOrder> {
  // A list of one: `list` on PipelineRuns is what the account may do anyway.
  const { items } = await pipelineRunsIn(client, namespace).list({
    fieldSelector: `metadata.name=${name}`,
    signal,
  });
  const names = taskNamesOf(items.find(({ metadata }) => metadata.name === name));
  return {
    indexOf: (task) => {
      const index = names.indexOf(task.startsWith('build ') ? 'build' : task);
      if (index === -1) return names.length;
      return task.startsWith('build ') ? index + 0.5 : index;
    },
  };
}

/** As the pipeline declares them, where Tekton has copied it into the status. */
function taskNamesOf(run: PipelineRun | undefined): readonly string[] {
  const { tasks = [], finally: last = [] } = run?.status?.pipelineSpec ?? {};
  return [...tasks, ...last].map(({ name }) => name);
}
