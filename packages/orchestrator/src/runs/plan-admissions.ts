/** planAdmissions: which pending runs may start now; a pure function of the runs that exist. */

import { LABEL, type PipelineRun } from '@tekton-dag/model';
import type { TeamQueue } from './queue-by-team.ts';

/**
 * Per team the oldest first, while fewer than `maxConcurrentRuns` are live. Runs of one session go one after the
 * other: their objects have the same names. Runs of unknown teams wait.
 */
export function planAdmissions(
  queues: ReadonlyMap<string, TeamQueue>,
  maxConcurrentRuns: ReadonlyMap<string, number>,
): readonly PipelineRun[] {
  return [...queues].flatMap(([team, queue]) => admitFromQueue(queue, maxConcurrentRuns.get(team) ?? 0));
}

function admitFromQueue({ live, pending }: TeamQueue, slots: number): readonly PipelineRun[] {
  // A long queue in front of full slots is the common case, and must cost nothing.
  if (live.length >= slots) return [];
  const busySessions = new Set(live.map(sessionKeyOf));
  const chosen: PipelineRun[] = [];
  for (const run of pending.toSorted(compareAge)) {
    if (live.length + chosen.length >= slots) break;
    const session = sessionKeyOf(run);
    if (session !== undefined && busySessions.has(session)) continue;
    busySessions.add(session);
    chosen.push(run);
  }
  return chosen;
}

/** Only test runs hold a session, continued ones too; a release touches no intercept. */
function sessionKeyOf({ metadata: { labels = {} } }: PipelineRun): string | undefined {
  const holds = ['pr', 'continue'].includes(labels[LABEL.mode] ?? '');
  return holds ? labels[LABEL.session] : undefined;
}

function compareAge(a: PipelineRun, b: PipelineRun): number {
  const left = `${a.metadata.creationTimestamp ?? ''} ${a.metadata.name}`;
  const right = `${b.metadata.creationTimestamp ?? ''} ${b.metadata.name}`;
  return left < right ? -1 : Number(left > right);
}
