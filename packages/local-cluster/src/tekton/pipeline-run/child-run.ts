/** A TaskRun as its PipelineRun sees it. */

import { isDone, succeededCondition } from '../specs/condition.ts';
import type { TaskRun } from '../specs/read-run.ts';
import type { RunResult } from '../specs/run-spec.ts';

export const CANCELLED_BY_PIPELINE = 'TaskRun cancelled as the PipelineRun it belongs to has been cancelled.';
export const CANCELLED_BY_TIMEOUT = 'TaskRun cancelled as the PipelineRun it belongs to has timed out.';

/** Reason of a TaskRun that was cancelled, and the spec.status that asks for it. */
export const TASK_RUN_CANCELLED = 'TaskRunCancelled';

export interface ChildRun {
  readonly name: string;
  readonly outcome: 'running' | 'succeeded' | 'failed';
  readonly reason: string;
  /** Cancelling was asked for, whether it has ended yet or not. */
  readonly isCancelling: boolean;
  readonly isCancelled: boolean;
  readonly isCancelledByTimeout: boolean;
  readonly results: readonly RunResult[];
  /** It is due but not there: a process died while it made the TaskRuns of a matrix. */
  readonly isMissing: boolean;
}

/** A TaskRun of a matrix that has yet to be made. */
export function missingRun(name: string): ChildRun {
  return {
    name,
    outcome: 'running',
    reason: '',
    isCancelling: false,
    isCancelled: false,
    isCancelledByTimeout: false,
    results: [],
    isMissing: true,
  };
}

export function childRunOf(taskRun: TaskRun): ChildRun {
  const condition = succeededCondition(taskRun.status);
  const isCancelled = condition?.status === 'False' && condition.reason === TASK_RUN_CANCELLED;
  return {
    name: taskRun.name,
    outcome: outcomeOf(taskRun),
    reason: condition?.reason ?? '',
    isCancelling: taskRun.spec.status === TASK_RUN_CANCELLED,
    isCancelled,
    isCancelledByTimeout: isCancelled && taskRun.spec.statusMessage === CANCELLED_BY_TIMEOUT,
    results: taskRun.status.results ?? [],
    isMissing: false,
  };
}

function outcomeOf(taskRun: TaskRun): ChildRun['outcome'] {
  if (!isDone(taskRun.status)) return 'running';
  return succeededCondition(taskRun.status)?.status === 'True' ? 'succeeded' : 'failed';
}
