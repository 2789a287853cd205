/** Which pipeline tasks will not run, and why, in Tekton's words (docs: pipelineruns.md, "skippedTasks"). */

import type { PipelineTask } from '../specs/pipeline-spec.ts';
import { mergeReplacements, type Replacements } from '../substitution/replacements.ts';
import { missingReferences } from '../substitution/result-reference.ts';
import { substitute } from '../substitution/substitute.ts';
import { hasEmptyMatrixParam } from './matrix-combinations.ts';
import { resultReplacements, statusReplacements } from './result-replacements.ts';
import {
  ignoresFailure,
  isFailure,
  isOver,
  isScheduled,
  isSuccessful,
  type RunFacts,
  type TaskFacts,
} from './task-facts.ts';
import { allowsExecution } from './when-expressions.ts';

export const SKIP = {
  when: 'When Expressions evaluated to false',
  parents: 'Parent Tasks were skipped',
  stopping: 'PipelineRun was stopping',
  cancelled: 'PipelineRun was gracefully cancelled',
  stopped: 'PipelineRun was gracefully stopped',
  results: 'Results were missing',
  pipelineTimeout: 'PipelineRun timeout has been reached',
  tasksTimeout: 'PipelineRun Tasks timeout has been reached',
  finallyTimeout: 'PipelineRun Finally timeout has been reached',
  emptyMatrix: 'Matrix Parameters have an empty array',
} as const;

export type SkipReason = (typeof SKIP)[keyof typeof SKIP];

/** Answers about one moment of a run; each is worked out once. */
export interface Progress {
  /** A task failed whose failure counts, or reads a result that its maker did not give. */
  readonly isStopping: boolean;
  /** Why a task will not run; undefined while it may. */
  skipReason(task: string): SkipReason | undefined;
  /** Succeeded, failed, skipped or invalid. */
  isTaskDone(task: string): boolean;
  /** Every task outside `finally` is done. */
  readonly areTasksDone: boolean;
  /** Why a task can never run though it should: it reads a missing result. */
  readonly invalid: ReadonlyMap<string, string>;
  /** The task with results (and, for a final one, statuses) in place of variables. */
  resolved(task: string): PipelineTask;
  /** The first CEL expression that could not be evaluated, if any. */
  readonly celFailure: string | undefined;
}

/** Works out the progress of a run from its facts alone. */
export function progressOf(facts: RunFacts): Progress {
  const results = resultReplacements(facts.tasks.values());
  const first = new ProgressReader(facts, results, new Map());
  if (first.isStopping) return first;
  const invalid = first.findInvalid();
  return invalid.size === 0 ? first : new ProgressReader(facts, results, invalid);
}

class ProgressReader implements Progress {
  readonly #facts: RunFacts;
  readonly #results: Replacements;
  readonly #skips = new Map<string, SkipReason | undefined>();
  readonly #resolved = new Map<string, PipelineTask>();
  readonly invalid: ReadonlyMap<string, string>;
  readonly isStopping: boolean;
  #areTasksDone: boolean | undefined;

  constructor(facts: RunFacts, results: Replacements, invalid: ReadonlyMap<string, string>) {
    this.#facts = facts;
    this.#results = results;
    this.invalid = invalid;
    this.isStopping =
      invalid.size > 0 ||
      [...facts.tasks.values()].some((task) => !task.isFinal && isFailure(task) && !ignoresFailure(task));
  }

  /** Tekton evaluates every CEL expression at every look, also while the results that it reads are not there. */
  get celFailure(): string | undefined {
    for (const { task, ...facts } of this.#facts.tasks.values()) {
      if (facts.isFinal || facts.children.length > 0) continue;
      const allowed = allowsExecution(
        (task.when ?? []).length === 0 ? [] : (this.resolved(task.name).when ?? []),
      );
      if (!allowed.ok) return allowed.error;
    }
    return undefined;
  }

  get areTasksDone(): boolean {
    this.#areTasksDone ??= [...this.#facts.tasks.values()].every(
      (task) => task.isFinal || this.isTaskDone(task.task.name),
    );
    return this.#areTasksDone;
  }

  isTaskDone(name: string): boolean {
    const task = this.#facts.tasks.get(name);
    if (task === undefined) return true;
    return (
      isSuccessful(task) || isFailure(task) || this.invalid.has(name) || this.skipReason(name) !== undefined
    );
  }

  skipReason(name: string): SkipReason | undefined {
    if (this.#skips.has(name)) return this.#skips.get(name);
    const task = this.#facts.tasks.get(name);
    if (task === undefined || isScheduled(task) || this.invalid.has(name)) return undefined;
    const reason = task.isFinal ? this.#finalSkip(task) : this.#dagSkip(task);
    this.#skips.set(name, reason);
    return reason;
  }

  resolved(name: string): PipelineTask {
    const before = this.#resolved.get(name);
    if (before !== undefined) return before;
    const facts = this.#facts.tasks.get(name);
    if (facts === undefined) return { name };
    const replacements = facts.isFinal
      ? mergeReplacements(
          this.#results,
          statusReplacements(this.#facts, (task) => this.skipReason(task) !== undefined),
        )
      : this.#results;
    const resolved = substitute(facts.task, replacements);
    this.#resolved.set(name, resolved);
    return resolved;
  }

  /** Tasks that are due and read a result that a task which ran did not give. */
  findInvalid(): ReadonlyMap<string, string> {
    const invalid = new Map<string, string>();
    for (const [name, task] of this.#facts.tasks) {
      if (task.isFinal || isScheduled(task)) continue;
      if (!this.#areParentsDone(task) || this.skipReason(name) !== undefined) continue;
      const [missing] = missingReferences(task.task, this.#results);
      if (missing !== undefined) invalid.set(name, this.#describeMissing(name, missing.task, missing.result));
    }
    return invalid;
  }

  #describeMissing(target: string, task: string, result: string): string {
    const maker = this.#facts.tasks.get(task);
    return maker !== undefined && isSuccessful(maker)
      ? `task "${task}" completed successfully but did not emit the result "${result}", which is referenced by task "${target}"`
      : `Invalid task result reference: Could not find result with name ${result} for task ${task}`;
  }

  #dagSkip(task: TaskFacts): SkipReason | undefined {
    const { requestedStatus } = this.#facts;
    if (this.isStopping) return SKIP.stopping;
    if (requestedStatus === 'CancelledRunFinally' || requestedStatus === 'Cancelled') return SKIP.cancelled;
    if (requestedStatus === 'StoppedRunFinally') return SKIP.stopped;
    const areParentsDone = this.#areParentsDone(task);
    if (areParentsDone && !this.#isAllowed(task)) return SKIP.when;
    if (this.#hasSkippedParent(task)) return SKIP.parents;
    if (!areParentsDone) return undefined;
    return this.#isMissingOptionalResults(task) ? SKIP.results : this.#timeoutOrMatrixSkip(task);
  }

  #finalSkip(task: TaskFacts): SkipReason | undefined {
    if (!this.areTasksDone) return undefined;
    if (missingReferences(task.task, this.#results).length > 0) return SKIP.results;
    if (!this.#isAllowed(task)) return SKIP.when;
    return this.#timeoutOrMatrixSkip(task);
  }

  #timeoutOrMatrixSkip(task: TaskFacts): SkipReason | undefined {
    const { timeouts, startMs, finallyStartMs, nowMs } = this.#facts;
    if (isOver(timeouts.pipelineMs, startMs, nowMs)) return SKIP.pipelineTimeout;
    if (!task.isFinal && isOver(timeouts.tasksMs, startMs, nowMs)) return SKIP.tasksTimeout;
    if (task.isFinal && isOver(timeouts.finallyMs, finallyStartMs, nowMs)) return SKIP.finallyTimeout;
    const { matrix } = this.resolved(task.task.name);
    return matrix !== undefined && hasEmptyMatrixParam(matrix) ? SKIP.emptyMatrix : undefined;
  }

  #areParentsDone(task: TaskFacts): boolean {
    return task.parents.every((parent) => this.isTaskDone(parent));
  }

  /** A parent that its own guards skipped does not skip its children; any other skip does. */
  #hasSkippedParent(task: TaskFacts): boolean {
    return task.parents.some((parent) => {
      const reason = this.skipReason(parent);
      return reason !== undefined && reason !== SKIP.when;
    });
  }

  #isAllowed(task: TaskFacts): boolean {
    const allowed = allowsExecution(this.resolved(task.task.name).when ?? []);
    return !allowed.ok || allowed.value;
  }

  /** Its result is missing because the maker was skipped by its guards, or the task ignores failures. */
  #isMissingOptionalResults(task: TaskFacts): boolean {
    return missingReferences(task.task, this.#results).some(
      (reference) => ignoresFailure(task) || this.skipReason(reference.task) === SKIP.when,
    );
  }
}
