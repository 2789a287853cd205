/** listRunPods: the pods of a run's tasks, in the order in which their logs are read. */

import { kinds, type KubeClient } from '@tekton-dag/kube';
import { LABEL } from '@tekton-dag/model';
import { orderOfTasks, type TaskOrder } from './task-order.ts';

export interface RunPod {
  readonly name: string;
  /** RFC 3339, whole seconds. */
  readonly created: string;
  /** What the pod does: the pipeline's task, or the build of an app. */
  readonly task: string;
  readonly containers: readonly PodContainer[];
}

export interface PodContainer {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'ended';
}

const ENDED_PHASES = new Set(['Succeeded', 'Failed']);

type Pod = Awaited<ReturnType<ReturnType<typeof podsIn>['list']>>['items'][number];

/** Oldest first; of one second, in the order of the pipeline. Needs `list` on pods and pipelineruns. */
export async function listRunPods(
  client: KubeClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<readonly RunPod[]> {
  const labelSelector = `${LABEL.run}=${name},tekton.dev/taskRun`;
  const [{ items }, order] = await Promise.all([
    podsIn(client, namespace).list({ labelSelector, signal }),
    orderOfTasks(client, { namespace, name }, signal),
  ]);
  return items.map(describePod).toSorted((a, b) => compareAge(a, b, order));
}

export function podsIn(client: KubeClient, namespace: string) {
  return client.resource(kinds.pods, namespace);
}

function describePod({ metadata = {}, spec, status = {} }: Pod): RunPod {
  const { name = '', creationTimestamp: created = '', labels = {} } = metadata;
  // Sidecars end with the steps, and what they say is not the run's word.
  const steps = (spec?.containers ?? []).filter((container) => container.name.startsWith('step-'));
  const task = labels['tekton.dev/pipelineTask'] ?? `build ${labels[LABEL.app] ?? ''}`.trim();
  const containers = steps.map((step) => ({ name: step.name, state: stateOf(status, step.name) }));
  return { name, created, task, containers };
}

function stateOf(
  { phase = '', containerStatuses = [] }: NonNullable<Pod['status']>,
  container: string,
): PodContainer['state'] {
  if (ENDED_PHASES.has(phase)) return 'ended';
  const found = containerStatuses.find(({ name }) => name === container)?.state;
  if (found?.terminated !== undefined) return 'ended';
  return found?.running === undefined ? 'waiting' : 'running';
}

function compareAge(a: RunPod, b: RunPod, order: TaskOrder): number {
  return (
    compareText(a.created, b.created) ||
    order.indexOf(a.task) - order.indexOf(b.task) ||
    compareText(a.name, b.name)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
