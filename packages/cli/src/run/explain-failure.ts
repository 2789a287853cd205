/** explainFailure: why a run failed: its reason, tasks that could not run, the failing steps with their last lines, the edges that lost the session. */

import { kinds } from '@tekton-dag/kube';
import type { PipelineRun, TaskRun } from '@tekton-dag/model';
import type { Cluster } from '../open-cluster.ts';
import { failedStepsOf, type FailedStep } from './failed-steps.ts';
import { lostEdgesOf, type LostEdge } from './lost-edges.ts';
import { succeededCondition } from './run-state.ts';
import { taskFaultsOf } from './task-faults.ts';

const TAIL_LINES = 15;

/** Lines for people. What cannot be read any more, such as the log of a pod that is gone, is left out. */
export async function explainFailure(
  cluster: Cluster,
  run: PipelineRun,
  taskRuns: readonly TaskRun[],
): Promise<string[]> {
  const condition = succeededCondition(run.status?.conditions);
  const lines = [`${condition?.reason ?? 'Failed'}: ${condition?.message ?? 'no message'}`];
  for (const { task, message } of taskFaultsOf(taskRuns)) lines.push(`task ${task}: ${message}`);
  for (const step of failedStepsOf(taskRuns)) lines.push(...(await explainStep(cluster, step)));
  const edges = await readLostEdges(cluster, run.metadata.name ?? '');
  return [...lines, ...edges.map(renderLostEdge)];
}

async function explainStep(cluster: Cluster, step: FailedStep): Promise<string[]> {
  const head = `step ${step.step} of ${step.task} exited with ${step.exitCode}`;
  const tail = await readTail(cluster, step);
  return [head, ...tail.map((line) => `  | ${line}`)];
}

async function readTail({ client, namespace }: Cluster, { pod, container }: FailedStep): Promise<string[]> {
  if (pod === undefined) return [];
  try {
    const lines: string[] = [];
    const pods = client.resource(kinds.pods, namespace);
    for await (const line of pods.logs(pod, { container, tailLines: TAIL_LINES })) lines.push(line);
    return lines;
  } catch {
    return [];
  }
}

async function readLostEdges({ client, namespace }: Cluster, run: string): Promise<LostEdge[]> {
  const record = await client.resource(kinds.configmaps, namespace).get(run);
  return lostEdgesOf(record?.data?.['propagation.json']);
}

function renderLostEdge({ caller, callee, detail }: LostEdge): string {
  return `session lost on ${caller} -> ${callee}${detail === '' ? '' : `: ${detail}`}`;
}
