/** Runs one step: renders it with what earlier steps gave, waits for it, reads its results. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type ParamValue, type Result } from '@tekton-dag/model';
import { appendToLog } from '../../runtime/append-to-log.ts';
import { failed, type Verdict } from '../specs/condition.ts';
import { parseDurationMs } from '../specs/duration.ts';
import type { Step } from '../specs/task-spec.ts';
import { mergeReplacements, type Replacements } from '../substitution/replacements.ts';
import { substitute, substituteText } from '../substitution/substitute.ts';
import type { ConfigFailure } from './config-failure.ts';
import { renderContainer } from './render-container.ts';
import { awaitContainer, startContainer, type ContainerEnd } from './run-container.ts';
import { stepTemplateOf, type ContainerTemplate } from './step-plan.ts';
import { containerSpecOf, tellProgress, type TaskAttempt } from './task-attempt.ts';
import { stoppedContainer, type EndedContainer, type TrackedContainer } from './task-progress.ts';
import { readResults, type ResultFailure, type TaskResult } from './task-results.ts';

/** Undefined when the TaskRun goes on; else why it fails. */
export type StepOutcome = Verdict | undefined;

export async function runStep(
  attempt: TaskAttempt,
  step: Step,
  tracked: TrackedContainer,
): Promise<StepOutcome> {
  const { prepared, stop, engine } = attempt;
  const scope = {
    spec: prepared.task.spec,
    stepActions: prepared.task.stepActions,
    podTemplate: prepared.run.spec.podTemplate,
  };
  const known = mergeReplacements(prepared.variables, attempt.stepResults);
  const { template, variables } = stepTemplateOf(step, scope, known);
  const what = `step "${tracked.name}" in TaskRun "${prepared.run.name}"`;
  const parts = renderContainer(tracked.container, template, variables, prepared);
  if (!parts.ok) return refuseStep(tracked, describe(parts.error, what), attempt);
  const spec = containerSpecOf(attempt, tracked.container, parts.value);
  const started = await startContainer(engine.context.runtime, spec, what);
  if (!started.ok) return refuseStep(tracked, started.error, attempt);
  tracked.progress = { phase: 'running', startedAt: started.value.startedAt };
  tellProgress(attempt);
  const timeoutMs =
    step.timeout === undefined ? undefined : parseDurationMs(substituteText(step.timeout, variables));
  const end = await awaitContainer(started.value, { stop, timeoutMs, stopGraceMs: engine.stopGraceMs });
  const onError = substituteText(step.onError ?? '', variables);
  return endStep(attempt, { tracked, template, end, isIgnored: onError === 'continue' });
}

interface StepEnd {
  readonly tracked: TrackedContainer;
  readonly template: ContainerTemplate;
  readonly end: ContainerEnd;
  /** The step says `onError: continue`. */
  readonly isIgnored: boolean;
}

function endStep(attempt: TaskAttempt, { tracked, template, end, isIgnored }: StepEnd): StepOutcome {
  const isContinued = isIgnored && end.cause === 'exited' && end.exit.exitCode !== 0;
  const own = readStepResults(attempt, { tracked, template, end });
  const { directories, task } = attempt.prepared;
  const all = readResults(directories.results.hostPath, task.spec.results ?? []);
  if (own.ok)
    attempt.stepResults = mergeReplacements(attempt.stepResults, stepResults(tracked.name, own.value));
  tracked.progress = endedProgress(end, isContinued, own.ok ? own.value : []);
  attempt.results = all.ok ? all.value : all.error.results;
  const failure = failureOf(tracked, end, isContinued);
  const refused = own.ok ? all : own;
  return failure !== undefined || refused.ok ? failure : refuseResults(attempt, tracked, refused.error);
}

/** Results of the step itself; beside them lies its exit code, for the steps that come. */
function readStepResults(
  { prepared: { directories } }: TaskAttempt,
  { tracked, template, end }: Omit<StepEnd, 'isIgnored'>,
): Result<TaskResult[], ResultFailure> {
  if (!directories.has('steps')) return ok([]);
  const directory = join(directories.steps.hostPath, tracked.container);
  writeFileSync(join(directory, 'exitCode'), String(end.exit.exitCode));
  return readResults(join(directory, 'results'), template.results ?? []);
}

function stepResults(step: string, results: readonly TaskResult[]): Replacements {
  return new Map<string, ParamValue>(
    results.map(({ name, value }) => [`steps.${step}.results.${name}`, value]),
  );
}

function endedProgress(
  { exit, cause }: ContainerEnd,
  isContinued: boolean,
  results: readonly TaskResult[],
): EndedContainer {
  const { startedAt, finishedAt } = exit;
  const exitCode = cause === 'exited' ? exit.exitCode : 1;
  const reason = exitCode === 0 || isContinued ? 'Completed' : 'Error';
  const terminationReason = terminationReasonOf(cause, isContinued, reason);
  return { phase: 'ended', startedAt, finishedAt, exitCode, reason, terminationReason, results };
}

function terminationReasonOf(cause: ContainerEnd['cause'], isContinued: boolean, reason: string): string {
  if (cause === 'timeout') return 'TimeoutExceeded';
  if (cause === 'stopped') return 'Cancelled';
  return isContinued ? 'Continued' : reason;
}

function failureOf(
  tracked: TrackedContainer,
  { exit, cause }: ContainerEnd,
  isContinued: boolean,
): StepOutcome {
  if (cause === 'timeout') {
    return failed(
      'StepFailed',
      `"${tracked.container}" exited because the step exceeded the specified timeout limit`,
    );
  }
  if (cause === 'stopped' || isContinued || exit.exitCode === 0) return undefined;
  return failed('StepFailed', `"${tracked.container}" exited with code ${exit.exitCode}: Error`);
}

/** Too large results are the end of the step that wrote them: its termination message does not hold them. */
function refuseResults(attempt: TaskAttempt, tracked: TrackedContainer, failure: ResultFailure): Verdict {
  if (failure.kind === 'mismatched') return failed('TaskRunValidationFailed', failure.message);
  const { context } = attempt.engine;
  appendToLog(context.paths.containerLog(attempt.podUid, tracked.container), failure.message);
  if (tracked.progress.phase === 'ended') {
    tracked.progress = { ...tracked.progress, exitCode: 1, reason: 'Error', terminationReason: 'Error' };
  }
  return failed('StepFailed', `"${tracked.container}" exited with code 1: Error`);
}

function refuseStep(tracked: TrackedContainer, failure: ConfigFailure, { engine }: TaskAttempt): Verdict {
  const waiting = { phase: 'waiting', reason: failure.reason, message: failure.message } as const;
  tracked.progress =
    failure.reason === 'TaskRunImagePullFailed'
      ? stoppedContainer(waiting, failure.reason, engine.context.now().toISOString())
      : waiting;
  return failed(failure.reason, failure.message);
}

export function describe(failure: ConfigFailure, what: string): ConfigFailure {
  if (failure.reason !== 'CreateContainerConfigError') return failure;
  return {
    ...failure,
    message: `the ${what} failed to start. The pod errored with the message: "${failure.message}."`,
  };
}

/** Task results that are made of step results: `value: $(steps.<name>.results.<result>)`. */
export function resultsFromSteps(attempt: TaskAttempt): TaskResult[] {
  return (attempt.prepared.task.spec.results ?? []).flatMap(({ name, type, value }) => {
    if (value === undefined) return [];
    const filled = substitute(value, attempt.stepResults);
    const isMissing = typeof filled === 'string' && filled === value;
    return isMissing ? [] : [{ name, type: type ?? 'string', value: filled }];
  });
}
