/** traceRun: tells the spans of a run that ended. */

import type { KubeClient, ResourceDefinition } from '@tekton-dag/kube';
import { LABEL, type TaskRun } from '@tekton-dag/model';
import type { RunRow } from '@tekton-dag/store';
import { parentOfRun, runSpans } from './run-spans.ts';
import { tellSpans } from './span-tree.ts';
import type { Tracing } from './tracing.ts';

const taskRunDefinition: ResourceDefinition<TaskRun> = {
  group: 'tekton.dev',
  version: 'v1',
  plural: 'taskruns',
  kind: 'TaskRun',
  namespaced: true,
};

/** Reads the run's TaskRuns; rejects with a KubeError. A run that was deleted has none, and is a span by itself. */
export async function traceRun(tracing: Tracing, client: KubeClient, run: RunRow): Promise<void> {
  if (!tracing.enabled) return;
  const labelSelector = `${LABEL.run}=${run.name}`;
  const { items } = await client.resource(taskRunDefinition, run.namespace).list({ labelSelector });
  const tree = runSpans(run, items);
  if (tree !== undefined) tellSpans(tracing, tree, parentOfRun(run));
}
