/** traceRun: tells the spans of a run that ended. */

import type { KubeClient } from '@tekton-dag/kube';
import type { RunRow } from '@tekton-dag/store';
import { listTaskRuns } from '../runs/task-runs.ts';
import { parentOfRun, runSpans } from './run-spans.ts';
import { tellSpans } from './span-tree.ts';
import type { Tracing } from './tracing.ts';

/** Reads the run's TaskRuns; rejects with a KubeError. A run that was deleted has none, and is a span by itself. */
export async function traceRun(tracing: Tracing, client: KubeClient, run: RunRow): Promise<void> {
  if (!tracing.enabled) return;
  const tree = runSpans(run, await listTaskRuns(client, run));
  if (tree !== undefined) tellSpans(tracing, tree, parentOfRun(run));
}
