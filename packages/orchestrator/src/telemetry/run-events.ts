/** runEvents: what happened to a run between what was known of it and what is seen now. Pure. */

import type { NewEvent, RunRow } from '@tekton-dag/store';
import type { RunEventData } from './event-types.ts';
import { makeEvent } from './make-event.ts';

/** In the order in which it happened; `before` is undefined for a run that nobody knew. */
export function runEvents(before: RunRow | undefined, after: RunRow): readonly NewEvent[] {
  const started = before?.startedAtMs === undefined && after.startedAtMs !== undefined;
  const finished = before?.finishedAtMs === undefined && after.finishedAtMs !== undefined;
  return [
    ...(before === undefined ? [runEvent('run.queued', after, after.createdAtMs)] : []),
    ...(started ? [runEvent('run.started', after, after.startedAtMs)] : []),
    ...(finished ? [runEvent('run.finished', after, after.finishedAtMs)] : []),
  ];
}

function runEvent(
  type: 'run.queued' | 'run.started' | 'run.finished',
  run: RunRow,
  timeMs = run.createdAtMs,
): NewEvent {
  const subject = `${run.namespace}/${run.name}`;
  // A run may be made again under its name when the first was deleted.
  const occurrence = String(run.createdAtMs);
  return makeEvent(type, { subject, team: run.team, timeMs, occurrence }, describeRun(type, run));
}

/** What the event knew when it happened, also where it is told later. */
function describeRun(type: 'run.queued' | 'run.started' | 'run.finished', run: RunRow): RunEventData {
  const finished = type === 'run.finished';
  return {
    namespace: run.namespace,
    name: run.name,
    pipeline: run.pipeline,
    mode: run.mode,
    stack: run.stack,
    apps: run.apps,
    host: run.host,
    repository: run.repository,
    pull_request: run.pullRequest ?? null,
    sha: run.sha,
    attempt: run.attempt,
    delivery: run.delivery,
    state: finished ? run.state : type === 'run.queued' ? 'pending' : 'running',
    reason: finished ? run.reason : '',
    started: type === 'run.queued' ? null : formatTime(run.startedAtMs),
    finished: finished ? formatTime(run.finishedAtMs) : null,
  };
}

function formatTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
