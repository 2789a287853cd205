/** The Tekton engine: watches PipelineRuns and TaskRuns in the store and executes them. */

import type { ClusterContext, Controller } from '../contracts/cluster-context.ts';
import type { KubeObject, ObjectKey } from '../contracts/kube-object.ts';
import type { WatchEvent } from '../contracts/object-store.ts';
import { join } from 'node:path';
import { createKeyedQueue, type KeyedQueue } from './control/keyed-queue.ts';
import {
  pipelineRunKey,
  reconcilePipelineRun,
  type PipelineRunEngine,
} from './control/reconcile-pipeline-run.ts';
import { createRunChildren, parentOf } from './control/run-children.ts';
import { createTaskRunExecutor } from './control/task-run-executor.ts';
import { CLAIMS, removeClaimDirectory } from './control/volume-claims.ts';
import { createRemoteDefinitions } from './remote/remote-definitions.ts';
import { TEKTON_GROUP } from './specs/tekton-labels.ts';
import { taskRunKey } from './task-run/task-recorder.ts';

const PIPELINE_RUNS = { group: TEKTON_GROUP, resource: 'pipelineruns' } as const;
const PODS = { group: '', resource: 'pods' } as const;
const TASK_RUNS = { group: TEKTON_GROUP, resource: 'taskruns' } as const;

export interface TektonOptions {
  /** How many TaskRuns of pipelines execute at once; as many again for TaskRuns that others make. */
  readonly parallelTaskRuns?: number;
  /** Between SIGTERM and SIGKILL of a step that must stop. */
  readonly stopGraceMs?: number;
}

/** Creates the controller. Nothing is only in memory: what a killed process left goes on from the store. */
export function createTektonController(context: ClusterContext, options: TektonOptions = {}): Controller {
  const { parallelTaskRuns = 16, stopGraceMs = 5000 } = options;
  const unsubscribes: (() => void)[] = [];
  const remote = createRemoteDefinitions(context.store, join(context.paths.state, 'git'));
  const executor = createTaskRunExecutor(context, { parallelTaskRuns, stopGraceMs, remote });
  const children = createRunChildren(context.store);
  const onFault = faultLogger(context);

  const pipelineRuns = createPipelineRunQueue({ context, children, remote }, onFault);
  const lookAtTaskRun = (id: string): void => executor.reconcile(keyOf(id, taskRunKey));
  const taskRuns = createKeyedQueue({ now: context.now, onFault, handle: lookAtTaskRun });

  const onTaskRun = (event: WatchEvent): void => {
    children.apply(event);
    const parent = parentOf(event.object);
    if (parent !== undefined) pipelineRuns.add(parent.key);
    if (event.type === 'DELETED') executor.forget(event.object.metadata.uid ?? '');
    else taskRuns.add(idOf(event.object));
  };

  const onPod = (event: WatchEvent): void => {
    if (isLeaving(event)) executor.releasePod(event.object);
  };

  return {
    name: 'tekton',
    start: () => {
      const { store } = context;
      executor.recover(store.list(TASK_RUNS).items);
      unsubscribes.push(
        store.watch(TASK_RUNS, onTaskRun),
        store.watch(PIPELINE_RUNS, (event) => pipelineRuns.add(idOf(event.object))),
        store.watch(PODS, onPod),
        store.watch(CLAIMS, (event) => removeFilesOf(event, context)),
      );
      for (const object of store.list(PODS).items) onPod({ type: 'ADDED', object });
      for (const object of store.list(TASK_RUNS).items) onTaskRun({ type: 'ADDED', object });
      for (const object of store.list(PIPELINE_RUNS).items) pipelineRuns.add(idOf(object));
    },
    stop: async () => {
      unsubscribes.splice(0).forEach((unsubscribe) => unsubscribe());
      pipelineRuns.stop();
      taskRuns.stop();
      await remote.stop();
      await executor.stop();
    },
  };
}

function createPipelineRunQueue(
  engine: PipelineRunEngine,
  onFault: (key: string, fault: unknown) => void,
): KeyedQueue {
  const queue = createKeyedQueue({
    now: engine.context.now,
    onFault,
    handle: (id) => {
      const wakeAtMs = reconcilePipelineRun(keyOf(id, pipelineRunKey), engine, () => queue.add(id));
      if (wakeAtMs !== undefined) queue.addAt(id, wakeAtMs);
    },
  });
  return queue;
}

function removeFilesOf({ type, object }: WatchEvent, context: ClusterContext): void {
  if (type === 'DELETED') void removeClaimDirectory(context, object);
}

/** A pod of a TaskRun that is being deleted and waits for its processes to end. */
function isLeaving({ type, object: { metadata } }: WatchEvent): boolean {
  const isOurs = metadata.ownerReferences?.some((owner) => owner.kind === 'TaskRun') === true;
  return isOurs && type !== 'DELETED' && metadata.deletionTimestamp !== undefined;
}

const faultLogger =
  ({ log }: ClusterContext) =>
  (key: string, fault: unknown): void =>
    log.error({ key, fault: fault instanceof Error ? fault.message : String(fault) }, 'reconciling failed');

function idOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

function keyOf(id: string, toKey: (namespace: string, name: string) => ObjectKey): ObjectKey {
  const slash = id.indexOf('/');
  return toKey(id.slice(0, slash), id.slice(slash + 1));
}
