/**
 * runSpans: a run that ended, its tasks and their steps as spans. All names of OpenTelemetry's conventions for CI/CD and
 * version control that we use are here: they are not stable yet.
 */

import { formatTraceparent, LABEL, parseTraceparent, type StepState, type TaskRun } from '@tekton-dag/model';
import type { RunRow } from '@tekton-dag/store';
import { dispatchSpanIdOf, runSpanIdOf, spanIdOf } from './span-id.ts';
import type { SpanTree } from './span-tree.ts';
import type { SpanAttributes } from './tracing.ts';

/** Tekton's own labels of the TaskRuns of a pipeline. */
const PIPELINE_TASK_LABEL = 'tekton.dev/pipelineTask';
const RESULTS = { succeeded: 'success', failed: 'failure', cancelled: 'cancellation' } as const;
const TASK_TYPES = ['build', 'test', 'deploy'] as const;

/** The traceparent of what made the run: a delivery that was carried out; undefined where it was none. */
export function parentOfRun({
  traceparent,
  delivery,
}: Pick<RunRow, 'traceparent' | 'delivery'>): string | undefined {
  const own = parseTraceparent(traceparent);
  if (own === undefined || delivery === '') return undefined;
  return formatTraceparent({ ...own, spanId: dispatchSpanIdOf(delivery) });
}

/** Undefined for a run that never began: there is no time that it took. `taskRuns` are those that bear its label. */
export function runSpans(run: RunRow, taskRuns: readonly TaskRun[]): SpanTree | undefined {
  const { startedAtMs, finishedAtMs, state } = run;
  if (startedAtMs === undefined || finishedAtMs === undefined) return undefined;
  const tasks = taskRuns.flatMap((taskRun) => taskSpan(taskRun) ?? []);
  return {
    name: `RUN ${run.pipeline}`,
    kind: 'server',
    spanId: runSpanIdOf(run),
    startedAtMs,
    endedAtMs: finishedAtMs,
    attributes: runAttributes(run),
    ...(state === 'failed' ? { error: run.reason } : {}),
    children: tasks.toSorted((a, b) => a.startedAtMs - b.startedAtMs),
  };
}

function runAttributes(run: RunRow): SpanAttributes {
  const [owner = '', name = ''] = run.repository.split('/');
  return {
    'cicd.pipeline.name': run.pipeline,
    'cicd.pipeline.action.name': 'RUN',
    'cicd.pipeline.run.id': `${run.namespace}/${run.name}`,
    'cicd.pipeline.result': resultOf(run),
    'k8s.namespace.name': run.namespace,
    'tekton_dag.team': run.team,
    'tekton_dag.stack': run.stack,
    'tekton_dag.mode': run.mode,
    'tekton_dag.apps': run.apps.join(','),
    ...(owner === '' ? {} : { 'vcs.owner.name': owner, 'vcs.repository.name': name }),
    ...(run.sha === '' ? {} : { 'vcs.ref.head.revision': run.sha }),
    ...(run.pullRequest === undefined ? {} : { 'vcs.change.id': String(run.pullRequest) }),
  };
}

function resultOf({ state, reason }: RunRow): string {
  if (reason.endsWith('Timeout')) return 'timeout';
  if (state === 'succeeded' || state === 'failed' || state === 'cancelled') return RESULTS[state];
  return 'error';
}

function taskSpan(taskRun: TaskRun): SpanTree | undefined {
  const { steps = [], startTime, completionTime } = taskRun.status ?? {};
  const times = readTimes(startTime, completionTime);
  if (times === undefined) return undefined;
  const { name = '', namespace = '' } = taskRun.metadata;
  const id = `${namespace}/${name}`;
  const { task, app } = subjectOf(taskRun);
  const error = failureOf(taskRun);
  return {
    ...times,
    name: app === undefined ? task : `${task} ${app}`,
    kind: 'internal',
    spanId: spanIdOf('task', id),
    attributes: {
      'cicd.pipeline.task.name': task,
      'cicd.pipeline.task.run.id': id,
      'cicd.pipeline.task.run.result': error === undefined ? 'success' : 'failure',
      ...typeOfTask(task),
      ...(app === undefined ? {} : { 'tekton_dag.app': app }),
    },
    ...(error === undefined ? {} : { error }),
    children: steps.flatMap((step) => stepSpan(step, id) ?? []),
  };
}

function failureOf({ status }: TaskRun): string | undefined {
  const condition = status?.conditions?.find(({ type }) => type === 'Succeeded');
  return condition?.status === 'False' ? (condition.reason ?? 'Failed') : undefined;
}

/** A task of the pipeline, or what a step made: the build of one app, a hook. Labels of the run are on all of them. */
function subjectOf({ metadata: { name = '', labels = {} }, spec }: TaskRun): {
  readonly task: string;
  readonly app: string | undefined;
} {
  const task = labels[PIPELINE_TASK_LABEL];
  if (task !== undefined) return { task, app: undefined };
  return { task: spec.taskRef?.name ?? name, app: labels[LABEL.app] };
}

function typeOfTask(task: string): SpanAttributes {
  const type = TASK_TYPES.find((known) => task === known || task.startsWith(`${known}-`));
  return type === undefined ? {} : { 'cicd.pipeline.task.type': type };
}

function stepSpan(step: StepState, taskRun: string): SpanTree | undefined {
  const { name = '', terminated } = step;
  const times = readTimes(terminated?.startedAt, terminated?.finishedAt);
  if (terminated === undefined || times === undefined) return undefined;
  const { exitCode, reason = 'Error' } = terminated;
  return {
    ...times,
    name,
    kind: 'internal',
    spanId: spanIdOf('step', taskRun, name),
    attributes: { 'tekton.step.name': name, 'process.exit.code': exitCode },
    ...(exitCode === 0 ? {} : { error: reason }),
    children: [],
  };
}

function readTimes(
  start: string | undefined,
  end: string | undefined,
): Pick<SpanTree, 'startedAtMs' | 'endedAtMs'> | undefined {
  const startedAtMs = Date.parse(start ?? '');
  const endedAtMs = Date.parse(end ?? '');
  return Number.isNaN(startedAtMs) || Number.isNaN(endedAtMs) ? undefined : { startedAtMs, endedAtMs };
}
