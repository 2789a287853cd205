/** RunTree: the tasks of a run in the order of its pipeline, each with its state and times. Pure. */

import { LABEL, type PipelineRun, type SkippedTask, type TaskRun } from '@tekton-dag/model';
import { spanOf } from '../render/duration.ts';
import { runStateOf, succeededCondition, type RunState } from './run-state.ts';

export interface TaskNode {
  readonly name: string;
  readonly state: RunState;
  /** Undefined before the start. */
  readonly durationMs?: number | undefined;
  /** Why it failed or was skipped. */
  readonly note?: string | undefined;
  /** Runs after everything else, whatever happened. */
  readonly finally: boolean;
  /** TaskRuns that this task started itself, such as one per app to build. */
  readonly children: readonly TaskNode[];
}

export interface RunTree {
  readonly name: string;
  readonly state: RunState;
  readonly reason: string;
  readonly message: string;
  readonly durationMs?: number | undefined;
  readonly tasks: readonly TaskNode[];
}

/** Tekton's label with the name of the pipeline task that a TaskRun belongs to. */
const PIPELINE_TASK_LABEL = 'tekton.dev/pipelineTask';
/** The task that starts TaskRuns of its own. */
const BUILD_TASK = 'build';

/** Everything that happened by `nowMs`, from the objects alone. */
export function createRunTree(run: PipelineRun, taskRuns: readonly TaskRun[], nowMs: number): RunTree {
  const condition = succeededCondition(run.status?.conditions);
  const tree = {
    name: run.metadata.name ?? '',
    state: runStateOf(run.status?.conditions),
    reason: condition?.reason ?? '',
    message: condition?.message ?? '',
    durationMs: spanOf(run.status?.startTime, run.status?.completionTime, nowMs),
  };
  return { ...tree, tasks: taskNodes(run, taskRuns, nowMs) };
}

function taskNodes(run: PipelineRun, taskRuns: readonly TaskRun[], nowMs: number): TaskNode[] {
  const spec = run.status?.pipelineSpec ?? run.spec.pipelineSpec;
  const ordered = [
    ...(spec?.tasks ?? []).map(({ name }) => ({ name, finally: false })),
    ...(spec?.finally ?? []).map(({ name }) => ({ name, finally: true })),
  ];
  const known = new Set(ordered.map(({ name }) => name));
  const others = [...new Set(taskRuns.map(pipelineTaskOf))].filter((name) => name !== '' && !known.has(name));
  return [...ordered, ...others.map((name) => ({ name, finally: false }))].map((task) =>
    taskNode(task, run, taskRuns, nowMs),
  );
}

interface NamedTask {
  readonly name: string;
  readonly finally: boolean;
}

function taskNode(task: NamedTask, run: PipelineRun, taskRuns: readonly TaskRun[], nowMs: number): TaskNode {
  const own = taskRuns.filter((taskRun) => pipelineTaskOf(taskRun) === task.name);
  const started =
    task.name === BUILD_TASK ? taskRuns.filter((taskRun) => pipelineTaskOf(taskRun) === '') : [];
  const children = [...(own.length > 1 ? own : []), ...started]
    .toSorted(byName)
    .map((taskRun) => taskRunNode(taskRun, task.finally, nowMs));
  const skipped = run.status?.skippedTasks?.find(({ name }) => name === task.name);
  const [only] = own;
  if (skipped !== undefined) return skippedNode(task, skipped);
  if (only === undefined) return { ...task, state: 'pending', children };
  if (own.length > 1) return { ...task, ...joined(children), children };
  return { ...taskRunNode(only, task.finally, nowMs), name: task.name, children };
}

function skippedNode(task: NamedTask, { reason }: SkippedTask): TaskNode {
  return { ...task, state: 'skipped', note: reason, children: [] };
}

/** A matrix: as bad as its worst, as long as its longest. */
function joined(children: readonly TaskNode[]): Pick<TaskNode, 'state' | 'durationMs'> {
  const order: readonly RunState[] = ['failed', 'cancelled', 'running', 'pending', 'succeeded'];
  const state = order.find((one) => children.some((child) => child.state === one)) ?? 'pending';
  return { state, durationMs: Math.max(...children.map(({ durationMs = 0 }) => durationMs)) };
}

function taskRunNode({ metadata, status = {} }: TaskRun, inFinally: boolean, nowMs: number): TaskNode {
  const state = runStateOf(status.conditions);
  const failed = state === 'failed' || state === 'cancelled';
  return {
    name: metadata.labels?.[LABEL.app] ?? metadata.name ?? '',
    state,
    durationMs: spanOf(status.startTime, status.completionTime, nowMs),
    note: failed ? succeededCondition(status.conditions)?.reason : undefined,
    finally: inFinally,
    children: [],
  };
}

function pipelineTaskOf(taskRun: TaskRun): string {
  return taskRun.metadata.labels?.[PIPELINE_TASK_LABEL] ?? '';
}

function byName(left: TaskRun, right: TaskRun): number {
  return (left.metadata.name ?? '').localeCompare(right.metadata.name ?? '');
}
