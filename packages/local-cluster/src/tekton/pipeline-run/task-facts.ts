/** What is known about each pipeline task of one run at one moment, and plain questions about it. */

import type { PipelineTask } from '../specs/pipeline-spec.ts';
import type { ChildRun } from './child-run.ts';

export interface TaskFacts {
  readonly task: PipelineTask;
  readonly isFinal: boolean;
  /** Names of the tasks it waits for; none for a final task. */
  readonly parents: readonly string[];
  /** In the order of the matrix. */
  readonly children: readonly ChildRun[];
}

export interface Timeouts {
  /** undefined: no limit. */
  readonly pipelineMs: number | undefined;
  readonly tasksMs: number | undefined;
  readonly finallyMs: number | undefined;
}

export interface RunFacts {
  readonly runName: string;
  /** spec.status of the PipelineRun: '', Cancelled, CancelledRunFinally, StoppedRunFinally. */
  readonly requestedStatus: string;
  /** In pipeline order, final tasks last. */
  readonly tasks: ReadonlyMap<string, TaskFacts>;
  readonly startMs: number;
  readonly finallyStartMs: number | undefined;
  readonly nowMs: number;
  readonly timeouts: Timeouts;
}

export const isScheduled = (facts: TaskFacts): boolean => facts.children.length > 0;

export const isSuccessful = (facts: TaskFacts): boolean =>
  isScheduled(facts) && facts.children.every((child) => child.outcome === 'succeeded');

export const hasFailedChild = (facts: TaskFacts): boolean =>
  facts.children.some((child) => child.outcome === 'failed');

/** Every child has ended and at least one failed. */
export const isFailure = (facts: TaskFacts): boolean => hasFailedChild(facts) && haveAllEnded(facts);

export const isCancelled = (facts: TaskFacts): boolean =>
  facts.children.some((child) => child.isCancelled) && haveAllEnded(facts);

export const isCancelledByTimeout = (facts: TaskFacts): boolean =>
  facts.children.some((child) => child.isCancelledByTimeout) && haveAllEnded(facts);

const haveAllEnded = (facts: TaskFacts): boolean =>
  facts.children.every((child) => child.outcome !== 'running');

/** A failure of this task does not stop the run. */
export const ignoresFailure = (facts: TaskFacts): boolean => facts.task.onError === 'continue';

/** The reason of the run of a task: of the first that did not succeed, or of the first. */
export function reasonOf(facts: TaskFacts): string {
  const child = facts.children.find((one) => one.outcome !== 'succeeded') ?? facts.children[0];
  return child?.reason ?? '';
}

/** True when the time that a limit leaves, counted from `startMs`, is over. */
export function isOver(limitMs: number | undefined, startMs: number | undefined, nowMs: number): boolean {
  return limitMs !== undefined && startMs !== undefined && nowMs - startMs >= limitMs;
}
