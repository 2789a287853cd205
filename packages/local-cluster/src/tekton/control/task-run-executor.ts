/** Starts TaskRuns when there is a slot, and stops them when they are cancelled, deleted or out of time. */

import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { KubeObject, ObjectKey } from '../../contracts/kube-object.ts';
import { TASK_RUN_CANCELLED } from '../pipeline-run/child-run.ts';
import { DEFAULT_TIMEOUT_MS } from '../pipeline-run/run-timeouts.ts';
import { failed, isDone, running, type Verdict } from '../specs/condition.ts';
import { formatDuration, parseDurationMs } from '../specs/duration.ts';
import { readTaskRun, type TaskRun } from '../specs/read-run.ts';
import { podNameOf } from '../task-run/render-pod.ts';
import { runTask } from '../task-run/run-task.ts';
import { StopSwitch } from '../task-run/stop-switch.ts';
import type { TaskEngine } from '../task-run/task-attempt.ts';
import { directoryOwner, removeTaskDirectories } from '../task-run/task-directories.ts';
import { podKey, recordInterruption, recordRefusal, recordPending } from '../task-run/task-recorder.ts';
import type { RemoteDefinitions } from '../remote/remote-definitions.ts';
import { taskDefinitionsOf } from './definitions.ts';
import { fetchDefinitions } from './fetch-definitions.ts';
import { parentOf } from './run-children.ts';
import { createSlots } from './slots.ts';
import { claimDirectory, createClaim } from './volume-claims.ts';

export interface TaskRunExecutor {
  /** Looks at one TaskRun: starts it, stops it, or leaves it. */
  reconcile(key: ObjectKey): void;
  /** Stops the TaskRun of this uid, which is gone from the cluster. */
  forget(uid: string): void;
  /** Lets a pod go that is being deleted, once nothing of it runs any more. */
  releasePod(pod: KubeObject): void;
  /** Ends what a killed predecessor left executing; call once, before anything is reconciled. */
  recover(taskRuns: readonly KubeObject[]): void;
  /** Stops everything; TaskRuns keep their status and end when the cluster starts again. */
  stop(): Promise<void>;
}

interface Execution {
  readonly stop: StopSwitch;
  readonly ended: Promise<void>;
}

export interface ExecutorOptions {
  /** How many TaskRuns of pipelines may execute at once, and as many made by others. */
  readonly parallelTaskRuns: number;
  readonly stopGraceMs: number;
  readonly remote: RemoteDefinitions;
}

/** Creates the executor; two sets of slots, so that a step which waits for TaskRuns it made cannot starve them. */
export function createTaskRunExecutor(context: ClusterContext, options: ExecutorOptions): TaskRunExecutor {
  const pipelineSlots = createSlots(options.parallelTaskRuns);
  const otherSlots = createSlots(options.parallelTaskRuns);
  const waiting = new Set<string>();
  const executions = new Map<string, Execution>();
  const { remote, stopGraceMs } = options;
  const engine: ExecutionEngine = { context, stopGraceMs, remote };
  let isStopped = false;

  const begin = (key: ObjectKey, uid: string, release: () => void): void => {
    waiting.delete(uid);
    const object = context.store.get(key);
    const run = object?.metadata.uid === uid ? readTaskRun(object) : undefined;
    if (isStopped || run === undefined || !isReady(run)) return release();
    const stop = new StopSwitch();
    const ended = execute(run, stop, engine).finally(() => {
      executions.delete(uid);
      release();
      // A retry is due when the attempt before it is gone altogether.
      reconcile(key);
    });
    executions.set(uid, { stop, ended });
    return undefined;
  };

  const reconcile = (key: ObjectKey): void => {
    const object = context.store.get(key);
    if (object === undefined || isStopped) return;
    const run = readTaskRun(object);
    const execution = executions.get(run.uid);
    if (execution !== undefined) stopWhenCancelled(run, execution.stop);
    else if (!isReady(run)) endUnstarted(run, context);
    else if (!waiting.has(run.uid)) {
      waiting.add(run.uid);
      const slots = parentOf(object) === undefined ? otherSlots : pipelineSlots;
      slots.acquire((release) => begin(key, run.uid, release));
    }
  };

  return {
    reconcile,
    forget: (uid) => executions.get(uid)?.stop.press({ cause: 'deleted' }),
    releasePod: (pod) => releasePod(pod, executions.get(ownerUidOf(pod)), context),
    recover: (taskRuns) => {
      for (const taskRun of taskRuns) recoverTaskRun(readTaskRun(taskRun), context);
    },
    stop: async () => {
      isStopped = true;
      for (const { stop } of executions.values()) stop.press({ cause: 'shutdown' });
      await Promise.all([...executions.values()].map((execution) => execution.ended));
    },
  };
}

const POD_DELETED = failed('Failed', 'The pod of this TaskRun was deleted.');

/** uid of the TaskRun that a pod stands for; '' when it stands for none. */
function ownerUidOf(pod: KubeObject): string {
  return pod.metadata.ownerReferences?.find((owner) => owner.kind === 'TaskRun')?.uid ?? '';
}

function releasePod(pod: KubeObject, execution: Execution | undefined, context: ClusterContext): void {
  execution?.stop.press({ cause: 'deleted', verdict: POD_DELETED });
  void (execution?.ended ?? Promise.resolve()).then(() => deletePod(pod, context));
}

function deletePod({ metadata }: KubeObject, { store }: ClusterContext): void {
  const { namespace = '', name = '', uid } = metadata;
  store.delete(podKey(namespace, name), { gracePeriodSeconds: 0, ...(uid !== undefined && { uid }) });
}

/** Neither done, nor cancelled, nor pending. */
function isReady(run: TaskRun): boolean {
  return !isDone(run.status) && (run.spec.status === undefined || run.spec.status === '');
}

/** A TaskRun that does not execute and must not start. */
function endUnstarted(run: TaskRun, context: ClusterContext): void {
  if (isDone(run.status)) return;
  if (run.spec.status === TASK_RUN_CANCELLED) recordRefusal(run, cancelledVerdict(run), context);
  if (run.spec.status === 'TaskRunPending') {
    recordPending(run, running('TaskRunPending', `TaskRun "${run.name}" is pending`), context);
  }
}

function stopWhenCancelled(run: TaskRun, stop: StopSwitch): void {
  if (run.spec.status === TASK_RUN_CANCELLED)
    stop.press({ cause: 'cancelled', verdict: cancelledVerdict(run) });
}

function cancelledVerdict(run: TaskRun): Verdict {
  return failed(TASK_RUN_CANCELLED, `TaskRun "${run.name}" was cancelled. ${run.spec.statusMessage ?? ''}`);
}

type ExecutionEngine = TaskEngine & Pick<ExecutorOptions, 'remote'>;

async function execute(run: TaskRun, stop: StopSwitch, engine: ExecutionEngine): Promise<void> {
  const { context, remote } = engine;
  const timeoutMs = timeoutOf(run);
  const message = `TaskRun "${run.name}" failed to finish within "${formatDuration(timeoutMs ?? 0)}"`;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => stop.press({ cause: 'timeout', verdict: failed('TaskRunTimeout', message) }),
          Math.min(timeoutMs, 2 ** 31 - 1),
        );
  try {
    makeClaims(run, context);
    await fetchDefinitions(run, { context, remote });
    const { namespace, uid: owner } = run;
    await runTask(
      {
        run,
        stop,
        definitions: taskDefinitionsOf({ store: context.store, remote, namespace, owner }),
        claimDirectory: (namespace, name) => claimDirectory(context, namespace, name),
      },
      engine,
    );
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    context.log.error(
      { taskRun: run.name, namespace: run.namespace, fault: why },
      'a TaskRun could not be executed',
    );
    recordRefusal(run, failed('Failed', `the local cluster could not execute this TaskRun: ${why}`), context);
  } finally {
    clearTimeout(timer);
  }
}

/** 1h when unset; 0 means no limit (Tekton docs: taskruns.md, "Configuring the failure timeout"). */
function timeoutOf(run: TaskRun): number | undefined {
  const timeoutMs = run.spec.timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDurationMs(run.spec.timeout);
  return timeoutMs === 0 ? undefined : timeoutMs;
}

/** A TaskRun on its own may bring a volumeClaimTemplate. */
function makeClaims(run: TaskRun, context: ClusterContext): void {
  const owner = {
    apiVersion: 'tekton.dev/v1',
    kind: 'TaskRun',
    name: run.name,
    uid: run.uid,
    controller: true,
  };
  for (const binding of run.spec.workspaces ?? []) {
    if (binding.volumeClaimTemplate !== undefined) createClaim(context, run.namespace, binding, owner);
  }
}

/** A pod of the coming attempt shows that a process which is gone had begun it. */
function recoverTaskRun(run: TaskRun, context: ClusterContext): void {
  const owner = directoryOwner(run.uid, run.status.retriesStatus?.length ?? 0);
  if (isDone(run.status)) return;
  const pod = context.store.get(podKey(run.namespace, podNameOf(run)));
  if (pod === undefined) return;
  void removeTaskDirectories(owner, context);
  recordInterruption(run, podNameOf(run), context);
}
