/** Executes one attempt of a TaskRun: sidecars, then its steps one after the other, then the end. */

import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { RunningContainer } from '../../contracts/container-runtime.ts';
import { failed, succeeded, type Verdict } from '../specs/condition.ts';
import { ON_ERROR_ANNOTATION } from '../specs/tekton-labels.ts';
import { readTaskRun, type TaskRun } from '../specs/read-run.ts';
import { NO_REPLACEMENTS } from '../substitution/replacements.ts';
import { adoptMetadata, type Adopted } from './adopt-metadata.ts';
import { checkTask } from './check-task.ts';
import { prepareTask, type ClaimDirectory, type PreparedTask } from './prepare-task.ts';
import { renderContainer } from './render-container.ts';
import { podNameOf, renderPod, type PodContainer } from './render-pod.ts';
import { resolveTask, type TaskDefinitions } from './resolve-task.ts';
import { startContainer } from './run-container.ts';
import { describe, resultsFromSteps, runStep } from './run-step.ts';
import { sidecarContainer, stepContainer, stepNameOf } from './step-name.ts';
import { sidecarTemplateOf, stepTemplateOf, type StepScope } from './step-plan.ts';
import type { StopSwitch } from './stop-switch.ts';
import { containerSpecOf, recordOf, type TaskAttempt, type TaskEngine } from './task-attempt.ts';
import { directoryOwner, removeTaskDirectories } from './task-directories.ts';
import { skippedContainer, stoppedContainer } from './task-progress.ts';
import { recordEnd, recordRefusal, recordSource, taskRunKey } from './task-recorder.ts';

export interface TaskRequest {
  readonly run: TaskRun;
  readonly definitions: TaskDefinitions;
  readonly claimDirectory: ClaimDirectory;
  readonly stop: StopSwitch;
}

/** Runs to the end and records it; resolves when no process of the attempt is left. */
export async function runTask(request: TaskRequest, engine: TaskEngine): Promise<void> {
  const { context } = engine;
  const resolved = resolveTask(request.run, request.definitions);
  if (!resolved.ok) return recordRefusal(request.run, resolved.error, context);
  const run = adopt(request.run, resolved.value, context);
  if (resolved.value.refSource !== undefined) recordSource(run, resolved.value.refSource, context);
  const misfit = checkTask(run, resolved.value);
  if (misfit !== undefined) return recordRefusal(run, misfit, context, resolved.value.spec);
  const owner = directoryOwner(run.uid, run.status.retriesStatus?.length ?? 0);
  const prepared = prepareTask(run, resolved.value, owner, {
    context,
    claimDirectory: request.claimDirectory,
  });
  if (!prepared.ok) {
    const failure = describe(prepared.error, `TaskRun "${run.name}"`);
    return recordRefusal(run, failed(failure.reason, failure.message), context, resolved.value.spec);
  }
  const attempt = beginAttempt(prepared.value, request.stop, engine);
  if (attempt === undefined) return undefined;
  try {
    await runAttempt(attempt);
  } finally {
    await removeTaskDirectories(owner, context);
  }
  return undefined;
}

/** The TaskRun as it is with the labels and annotations of its task. */
function adopt(run: TaskRun, task: Adopted, { store }: ClusterContext): TaskRun {
  const key = taskRunKey(run.namespace, run.name);
  adoptMetadata(key, task, store);
  const object = store.get(key);
  return object === undefined ? run : readTaskRun(object);
}

/** Makes the pod; a refusal ends the TaskRun. */
function beginAttempt(prepared: PreparedTask, stop: StopSwitch, engine: TaskEngine): TaskAttempt | undefined {
  const { context } = engine;
  const { run, task } = prepared;
  const startTime = context.now().toISOString();
  const steps = stepContainers(prepared);
  const sidecars = sidecarContainers(prepared);
  const pod = renderPod(run, task.labels, [...steps, ...sidecars], startTime);
  const created = context.store.create({ group: '', resource: 'pods' }, pod);
  if (!created.ok) {
    recordRefusal(
      run,
      failed('PodCreationFailed', `failed to create task run pod "${run.name}": ${created.error.message}`),
      context,
    );
    return undefined;
  }
  return {
    engine,
    prepared,
    stop,
    podName: podNameOf(run),
    podUid: created.value.metadata.uid ?? '',
    startTime,
    steps,
    sidecars,
    results: [],
    stepResults: NO_REPLACEMENTS,
  };
}

function scopeOf({ task, run }: PreparedTask): StepScope {
  return { spec: task.spec, stepActions: task.stepActions, podTemplate: run.spec.podTemplate };
}

function stepContainers(prepared: PreparedTask): PodContainer[] {
  return (prepared.filledSpec.steps ?? []).map((step, index) => {
    const { template } = stepTemplateOf(step, scopeOf(prepared), prepared.variables);
    const name = stepNameOf(step, index);
    return {
      name,
      container: stepContainer(name),
      image: template.image ?? '',
      command: template.script === undefined ? template.command : [`/tekton/scripts/${stepContainer(name)}`],
      args: template.args,
      progress: { phase: 'waiting' },
    };
  });
}

function sidecarContainers(prepared: PreparedTask): PodContainer[] {
  return (prepared.filledSpec.sidecars ?? []).map(({ name, image, command, args }) => ({
    name,
    container: sidecarContainer(name),
    image: image ?? '',
    command,
    args,
    progress: { phase: 'waiting' },
  }));
}

async function runAttempt(attempt: TaskAttempt): Promise<void> {
  const sidecars: RunningContainer[] = [];
  const verdict = (await startSidecars(attempt, sidecars)) ?? (await runSteps(attempt));
  await stopSidecars(attempt, sidecars);
  endAttempt(attempt, verdict);
}

/** Sidecars run before the first step and until after the last (Tekton docs: tasks.md, "Specifying Sidecars"). */
async function startSidecars(
  attempt: TaskAttempt,
  running: RunningContainer[],
): Promise<Verdict | undefined> {
  const { prepared, engine } = attempt;
  for (const [index, tracked] of attempt.sidecars.entries()) {
    const sidecar = prepared.task.spec.sidecars?.[index];
    if (sidecar === undefined) continue;
    const what = `sidecar "${tracked.name}" in TaskRun "${prepared.run.name}"`;
    const template = sidecarTemplateOf(sidecar, scopeOf(prepared));
    const parts = renderContainer(tracked.container, template, prepared.variables, prepared);
    if (!parts.ok) return failed(parts.error.reason, describe(parts.error, what).message);
    const spec = containerSpecOf(attempt, tracked.container, parts.value);
    const started = await startContainer(engine.context.runtime, spec, what);
    if (!started.ok) return failed(started.error.reason, started.error.message);
    tracked.progress = { phase: 'running', startedAt: started.value.startedAt };
    running.push(started.value);
  }
  return undefined;
}

async function runSteps(attempt: TaskAttempt): Promise<Verdict | undefined> {
  let verdict: Verdict | undefined;
  for (const [index, tracked] of attempt.steps.entries()) {
    const step = attempt.prepared.task.spec.steps?.[index];
    if (step === undefined || attempt.stop.request !== undefined) break;
    if (verdict === undefined) verdict = await runStep(attempt, step, tracked);
    else tracked.progress = skippedContainer(attempt.engine.context.now().toISOString());
  }
  return verdict;
}

async function stopSidecars(attempt: TaskAttempt, running: readonly RunningContainer[]): Promise<void> {
  const exits = await Promise.all(running.map((container) => container.stop(attempt.engine.stopGraceMs)));
  for (const [index, exit] of exits.entries()) {
    const tracked = attempt.sidecars[index];
    if (tracked === undefined) continue;
    // A sidecar that is told to stop has done its work, whatever code it ends with.
    tracked.progress = {
      phase: 'ended',
      ...exit,
      exitCode: 0,
      reason: 'Completed',
      terminationReason: 'Completed',
    };
  }
}

function endAttempt(attempt: TaskAttempt, verdict: Verdict | undefined): void {
  const { run } = attempt.prepared;
  const { request } = attempt.stop;
  if (request !== undefined && request.verdict === undefined) return;
  attempt.results = [...attempt.results, ...resultsFromSteps(attempt)];
  if (request?.verdict !== undefined) markStopped(attempt, request.verdict.reason);
  const final =
    request?.verdict ??
    withIgnoredFailure(run, verdict) ??
    succeeded('Succeeded', 'All Steps have completed executing');
  recordEnd(run, recordOf(attempt), final, attempt.engine.context);
}

/** Containers that never started, or were stopped, end with the reason of the TaskRun. */
function markStopped(attempt: TaskAttempt, reason: string): void {
  const now = attempt.engine.context.now().toISOString();
  for (const tracked of attempt.steps) {
    const isStopped =
      tracked.progress.phase !== 'ended' || tracked.progress.terminationReason === 'Cancelled';
    if (isStopped) tracked.progress = stoppedContainer(tracked.progress, reason, now);
  }
}

function withIgnoredFailure(run: TaskRun, verdict: Verdict | undefined): Verdict | undefined {
  if (verdict === undefined || run.annotations[ON_ERROR_ANNOTATION] !== 'continue') return verdict;
  return verdict.reason === 'StepFailed' ? failed('FailureIgnored', verdict.message) : verdict;
}
