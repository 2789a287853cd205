/** What to do next for a PipelineRun: a pure function of its facts. */

import type { Param } from '../specs/param-value.ts';
import type { PipelineTask } from '../specs/pipeline-spec.ts';
import { failed, failedByUser, type Verdict } from '../specs/condition.ts';
import { CANCELLED_BY_PIPELINE, CANCELLED_BY_TIMEOUT, type ChildRun } from './child-run.ts';
import { taskRunNames } from './child-name.ts';
import { matrixCombinations } from './matrix-combinations.ts';
import { verdictOf } from './run-verdict.ts';
import { progressOf, SKIP, type Progress, type SkipReason } from './skipping.ts';
import { isOver, isScheduled, type RunFacts, type TaskFacts } from './task-facts.ts';

/** A TaskRun to create; `task` has no variables left that the run could fill. */
export interface TaskRunRequest {
  readonly name: string;
  readonly task: PipelineTask;
  /** Params of this combination of the matrix; they come before the task's own. */
  readonly matrixParams: readonly Param[];
}

export interface CancelRequest {
  readonly name: string;
  readonly message: string;
}

export interface SkippedTask {
  readonly name: string;
  readonly reason: SkipReason;
  readonly whenExpressions?: PipelineTask['when'];
}

export interface PipelineRunDecision {
  readonly verdict: Verdict;
  readonly create: readonly TaskRunRequest[];
  readonly cancel: readonly CancelRequest[];
  readonly skipped: readonly SkippedTask[];
  /** A final task starts now or has started. */
  readonly startsFinally: boolean;
  /** When to look again even if nothing happens: the next timeout. */
  readonly wakeAtMs: number | undefined;
}

/** Decides the next moves; the same facts always give the same decision. */
export function decidePipelineRun(facts: RunFacts): PipelineRunDecision {
  if (facts.requestedStatus === 'Cancelled') return cancelled(facts);
  const progress = progressOf(facts);
  const skipped = skippedTasks(facts, progress);
  const verdict = faultIn(facts, progress) ?? verdictOf(facts, progress);
  const isOpen = verdict.status === 'Unknown';
  const create = isOpen ? taskRunsToCreate(facts, progress) : [];
  return {
    verdict,
    create,
    cancel: isOpen ? taskRunsToCancel(facts) : cancelAll(facts, CANCELLED_BY_TIMEOUT),
    skipped,
    startsFinally: create.some((request) => facts.tasks.get(request.task.name)?.isFinal === true),
    wakeAtMs: isOpen ? nextDeadline(facts) : undefined,
  };
}

/** What no later look can mend. */
function faultIn(facts: RunFacts, progress: Progress): Verdict | undefined {
  if (progress.celFailure !== undefined) {
    const message = `Error evaluating CEL ${facts.runName}: ${progress.celFailure}`;
    return failedByUser('CELEvaluationFailed', message);
  }
  const due = [...facts.tasks.values()].filter((task) => isDue(facts, task, progress));
  const [text] = due.flatMap(({ task }) => textsInMatrix(progress.resolved(task.name)));
  return text === undefined
    ? undefined
    : failedByUser('InvalidMatrixParameterTypes', `Failed to validate matrix ${text}`);
}

function textsInMatrix({ name, matrix }: PipelineTask): string[] {
  return (matrix?.params ?? [])
    .filter(({ value }) => typeof value === 'string')
    .map(
      (param) =>
        `"parameters of type array only are allowed, but param \\"${param.name}\\" has type \\"string\\" in pipelineTask \\"${name}\\""`,
    );
}

function cancelled(facts: RunFacts): PipelineRunDecision {
  return {
    verdict: failed('Cancelled', `PipelineRun "${facts.runName}" was cancelled`),
    create: [],
    cancel: cancelAll(facts, CANCELLED_BY_PIPELINE),
    skipped: [],
    startsFinally: false,
    wakeAtMs: undefined,
  };
}

function taskRunsToCreate(facts: RunFacts, progress: Progress): TaskRunRequest[] {
  return [...facts.tasks.values()]
    .filter((task) => isDue(facts, task, progress) || isHalfMade(task))
    .flatMap((task) => requestsOf(facts, progress.resolved(task.task.name), task));
}

function isDue(facts: RunFacts, task: TaskFacts, progress: Progress): boolean {
  const { name } = task.task;
  if (isScheduled(task) || progress.invalid.has(name) || progress.skipReason(name) !== undefined)
    return false;
  if (task.isFinal) return progress.areTasksDone;
  if (facts.requestedStatus !== '' || progress.isStopping) return false;
  return task.parents.every((parent) => progress.isTaskDone(parent));
}

const isHalfMade = (task: TaskFacts): boolean => task.children.some((child) => child.isMissing);

function requestsOf(facts: RunFacts, task: PipelineTask, before: TaskFacts): TaskRunRequest[] {
  const combinations = task.matrix === undefined ? [[]] : matrixCombinations(task.matrix);
  const names = taskRunNames(facts.runName, task.name, combinations.length);
  const existing = new Set(before.children.flatMap((child) => (child.isMissing ? [] : [child.name])));
  return names.flatMap((name, index) =>
    existing.has(name) ? [] : [{ name, task, matrixParams: combinations[index] ?? [] }],
  );
}

function taskRunsToCancel(facts: RunFacts): CancelRequest[] {
  const { timeouts, startMs, finallyStartMs, nowMs, requestedStatus } = facts;
  const isTasksTimeOver = isOver(timeouts.tasksMs, startMs, nowMs);
  const isFinallyTimeOver = isOver(timeouts.finallyMs, finallyStartMs, nowMs);
  return runningChildren(facts).flatMap(({ task, child }) => {
    if (task.isFinal ? isFinallyTimeOver : isTasksTimeOver) {
      return [{ name: child.name, message: CANCELLED_BY_TIMEOUT }];
    }
    const isCancelled = !task.isFinal && requestedStatus === 'CancelledRunFinally';
    return isCancelled ? [{ name: child.name, message: CANCELLED_BY_PIPELINE }] : [];
  });
}

function cancelAll(facts: RunFacts, message: string): CancelRequest[] {
  return runningChildren(facts).map(({ child }) => ({ name: child.name, message }));
}

function runningChildren(facts: RunFacts): { task: TaskFacts; child: ChildRun }[] {
  return [...facts.tasks.values()].flatMap((task) =>
    task.children
      .filter((child) => child.outcome === 'running' && !child.isCancelling && !child.isMissing)
      .map((child) => ({ task, child })),
  );
}

function skippedTasks(facts: RunFacts, progress: Progress): SkippedTask[] {
  return [...facts.tasks.values()].flatMap((task) => {
    const { name } = task.task;
    const reason = progress.skipReason(name);
    if (reason === undefined) return [];
    const showsGuards = !task.isFinal || reason === SKIP.when;
    const { when } = progress.resolved(name);
    return [{ name, reason, ...(when !== undefined && showsGuards && { whenExpressions: when }) }];
  });
}

function nextDeadline(facts: RunFacts): number | undefined {
  const { timeouts, startMs, finallyStartMs, nowMs } = facts;
  const deadlines = [
    deadline(startMs, timeouts.pipelineMs),
    deadline(startMs, timeouts.tasksMs),
    deadline(finallyStartMs, timeouts.finallyMs),
  ].flatMap((atMs) => (atMs !== undefined && atMs > nowMs ? [atMs] : []));
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
}

const deadline = (startMs: number | undefined, limitMs: number | undefined): number | undefined =>
  startMs === undefined || limitMs === undefined ? undefined : startMs + limitMs;
