/** The condition of a PipelineRun from its tasks (Tekton docs: pipelineruns.md, "Monitoring execution status"). */

import { failed, running, succeeded, type Verdict } from '../specs/condition.ts';
import { formatDuration } from '../specs/duration.ts';
import { SKIP, type Progress } from './skipping.ts';
import {
  ignoresFailure,
  isCancelled,
  isCancelledByTimeout,
  isFailure,
  isOver,
  isSuccessful,
  type RunFacts,
  type TaskFacts,
} from './task-facts.ts';

type TaskKind =
  | 'succeeded'
  | 'failed'
  | 'ignored'
  | 'cancelled'
  | 'invalid'
  | 'skipped'
  | 'skippedByTimeout'
  | 'incomplete';
type Counts = Readonly<Record<TaskKind, number>>;

const TIMEOUT_SKIPS: ReadonlySet<string> = new Set([
  SKIP.pipelineTimeout,
  SKIP.tasksTimeout,
  SKIP.finallyTimeout,
]);

/** The verdict at this moment; `True` and `False` are final. */
export function verdictOf(facts: RunFacts, progress: Progress): Verdict {
  const { timeouts, startMs, nowMs, runName } = facts;
  if (isOver(timeouts.pipelineMs, startMs, nowMs)) {
    const limit = formatDuration(timeouts.pipelineMs ?? 0);
    return failed('PipelineRunTimeout', `PipelineRun "${runName}" failed to finish within "${limit}"`);
  }
  if (isOver(timeouts.tasksMs, startMs, nowMs) && !isFinallyOpen(facts, progress)) {
    const limit = formatDuration(timeouts.tasksMs ?? 0);
    return failed(
      'PipelineRunTimeout',
      `PipelineRun "${runName}" failed due to tasks failed to finish within "${limit}"`,
    );
  }
  const counts = countTasks(facts, progress);
  return counts.incomplete === 0
    ? finishedVerdict(facts, progress, counts)
    : unfinishedVerdict(facts, progress, counts);
}

/** There are final tasks and not all of them are done. */
function isFinallyOpen(facts: RunFacts, progress: Progress): boolean {
  return [...facts.tasks.values()].some((task) => task.isFinal && !progress.isTaskDone(task.task.name));
}

function countTasks(facts: RunFacts, progress: Progress): Counts {
  const kinds = [...facts.tasks.values()].map((task) => kindOf(task, progress));
  const count = (kind: TaskKind): number => kinds.filter((one) => one === kind).length;
  return {
    succeeded: count('succeeded'),
    failed: count('failed'),
    ignored: count('ignored'),
    cancelled: count('cancelled'),
    invalid: count('invalid'),
    skipped: count('skipped') + count('skippedByTimeout'),
    skippedByTimeout: count('skippedByTimeout'),
    incomplete: count('incomplete'),
  };
}

function kindOf(task: TaskFacts, progress: Progress): TaskKind {
  if (isSuccessful(task)) return 'succeeded';
  if (isCancelledByTimeout(task)) return 'failed';
  if (isCancelled(task)) return 'cancelled';
  if (isFailure(task)) return ignoresFailure(task) ? 'ignored' : 'failed';
  if (progress.invalid.has(task.task.name)) return 'invalid';
  const skip = progress.skipReason(task.task.name);
  if (skip === undefined) return 'incomplete';
  return TIMEOUT_SKIPS.has(skip) ? 'skippedByTimeout' : 'skipped';
}

function finishedVerdict(facts: RunFacts, progress: Progress, counts: Counts): Verdict {
  const message = finishedMessage(progress, counts);
  if (counts.invalid > 0) return failed('PipelineValidationFailed', message);
  if (counts.failed > 0 || counts.skippedByTimeout > 0) return failed('Failed', message);
  if (isGraceful(facts)) return failed('Cancelled', `PipelineRun "${facts.runName}" was cancelled`);
  if (counts.cancelled > 0) return failed('Cancelled', message);
  return succeeded(counts.skipped > 0 ? 'Completed' : 'Succeeded', message);
}

const isGraceful = ({ requestedStatus }: RunFacts): boolean =>
  requestedStatus === 'CancelledRunFinally' || requestedStatus === 'StoppedRunFinally';

function finishedMessage(progress: Progress, counts: Counts): string {
  const completed = counts.succeeded + counts.failed + counts.cancelled + counts.ignored;
  const failures = counts.failed + counts.ignored;
  const ignored = counts.ignored > 0 ? ` (Ignored: ${counts.ignored})` : '';
  const invalid =
    counts.invalid > 0
      ? `, Failed Validation: ${counts.invalid} (${[...progress.invalid.values()].join('; ')})`
      : '';
  return `Tasks Completed: ${completed} (Failed: ${failures}${ignored}, Cancelled ${counts.cancelled}), Skipped: ${counts.skipped}${invalid}`;
}

function unfinishedVerdict(facts: RunFacts, progress: Progress, counts: Counts): Verdict {
  const completed = counts.succeeded + counts.failed + counts.cancelled + counts.ignored;
  const message = `Tasks Completed: ${completed} (Failed: ${counts.failed}, Cancelled ${counts.cancelled}), Incomplete: ${counts.incomplete}, Skipped: ${counts.skipped}`;
  return running(unfinishedReason(facts, progress, counts), message);
}

function unfinishedReason(facts: RunFacts, progress: Progress, counts: Counts): string {
  const isFinallyDone = !isFinallyOpen(facts, progress);
  if (isOver(facts.timeouts.tasksMs, facts.startMs, facts.nowMs)) return 'PipelineRunTimeoutRunningFinally';
  if (facts.requestedStatus === 'CancelledRunFinally') return 'CancelledRunningFinally';
  if (facts.requestedStatus === 'StoppedRunFinally') return 'StoppedRunningFinally';
  return counts.cancelled > 0 || (counts.failed > 0 && isFinallyDone) ? 'PipelineRunStopping' : 'Running';
}
