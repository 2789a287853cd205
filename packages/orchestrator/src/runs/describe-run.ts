/** describeRun: the row of history that a PipelineRun gives. */

import {
  ANNOTATION,
  formatTraceparent,
  LABEL,
  parseTraceparent,
  pipelineNameOf,
  provenanceOf,
  type PipelineRun,
} from '@tekton-dag/model';
import type { RunRow, RunState } from '@tekton-dag/store';
import { phaseOf, succeededCondition } from './run-phase.ts';

const CANCELLED_REASONS = new Set(['Cancelled', 'CancelledRunningFinally', 'StoppedRunFinally']);

export function describeRun(run: PipelineRun): RunRow {
  const { name = '', namespace = '', creationTimestamp } = run.metadata;
  return {
    namespace,
    name,
    pipeline: pipelineNameOf(run),
    ...describeSubject(run),
    provenance: describeProvenance(run),
    state: stateOf(run),
    reason: succeededCondition(run)?.reason ?? '',
    createdAtMs: parseTime(creationTimestamp) ?? 0,
    startedAtMs: parseTime(run.status?.startTime),
    finishedAtMs: parseTime(run.status?.completionTime),
  };
}

type Subject = Omit<
  RunRow,
  | 'namespace'
  | 'name'
  | 'pipeline'
  | 'provenance'
  | 'state'
  | 'reason'
  | 'createdAtMs'
  | 'startedAtMs'
  | 'finishedAtMs'
>;

/** What the run is about, as its labels and annotations tell. */
function describeSubject({ metadata }: PipelineRun): Subject {
  const label = (key: string): string => metadata.labels?.[key] ?? '';
  const annotation = (key: string): string => metadata.annotations?.[key] ?? '';
  return {
    mode: label(LABEL.mode),
    team: label(LABEL.team),
    stack: label(LABEL.stack),
    app: label(LABEL.app),
    apps: parseNames(annotation(ANNOTATION.apps) || label(LABEL.app)),
    host: annotation(ANNOTATION.host),
    repository: annotation(ANNOTATION.repository),
    pullRequest: parseNumber(label(LABEL.pullRequest)),
    sha: annotation(ANNOTATION.sha),
    attempt: parseNumber(annotation(ANNOTATION.attempt)) ?? 1,
    delivery: annotation(ANNOTATION.delivery),
    traceparent: parseSpanContext(annotation(ANNOTATION.pipelineRunSpanContext)),
  };
}

function describeProvenance(run: PipelineRun): string {
  const provenance = provenanceOf(run);
  return Object.keys(provenance).length === 0 ? '' : JSON.stringify(provenance);
}

/** Reads the condition's status; the reason alone says nothing, `Completed` is a success too. */
function stateOf(run: PipelineRun): RunState {
  const phase = phaseOf(run);
  if (phase === 'pending') return 'pending';
  if (phase === 'live') return 'running';
  const condition = succeededCondition(run);
  if (condition?.status === 'True') return 'succeeded';
  return CANCELLED_REASONS.has(condition?.reason ?? '') ? 'cancelled' : 'failed';
}

function parseNames(text: string): readonly string[] {
  return text.split(',').filter((name) => name !== '');
}

/** The annotation may be anybody's; what is no trace context gives an empty text. */
function parseSpanContext(json: string): string {
  const found = parseTraceparent(/"traceparent":"([^"]{1,128})"/.exec(json)?.[1] ?? '');
  return found === undefined ? '' : formatTraceparent(found);
}

function parseNumber(text: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

function parseTime(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
