/** QueuedRun: what admission knows of an unfinished run. */

import { keyOf } from '@tekton-dag/kube';
import { LABEL, type PipelineRun } from '@tekton-dag/model';

export interface QueuedRun {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  /** Whose slots count: `namespace/team`, so that no namespace can take those of another. */
  readonly team: string;
  readonly resourceVersion: string;
  /** Runs of one session go one after the other: their objects have the same names. */
  readonly session: string | undefined;
  readonly createdAtMs: number;
  /** Lower goes first. */
  readonly rankMs: number;
}

/** By how many steps of `priorityAgeMs` a run of the mode stands behind one that came at the same time. */
const STEPS_BEHIND: Readonly<Record<string, number>> = { merge: 0, pr: 1, continue: 1 };
const MOST_STEPS_BEHIND = 2;
const SESSION_MODES: ReadonlySet<string> = new Set(['pr', 'continue']);

/** The order is that of time, and each step of priority counts as `priorityAgeMs` of waiting: nothing starves. */
export function toQueuedRun(run: PipelineRun, priorityAgeMs: number): QueuedRun {
  const { name = '', namespace = '', resourceVersion = '' } = run.metadata;
  const {
    [LABEL.mode]: mode = '',
    [LABEL.team]: team = '',
    [LABEL.session]: session,
  } = run.metadata.labels ?? {};
  const createdAtMs = createdAtMsOf(run);
  return {
    key: keyOf(run),
    namespace,
    name,
    team: teamKeyOf(namespace, team),
    resourceVersion,
    // Only test runs hold a session, continued ones too; a release touches no intercept.
    session: SESSION_MODES.has(mode) ? session : undefined,
    createdAtMs,
    rankMs: createdAtMs + (STEPS_BEHIND[mode] ?? MOST_STEPS_BEHIND) * priorityAgeMs,
  };
}

function createdAtMsOf({ metadata: { creationTimestamp = '' } }: PipelineRun): number {
  return Date.parse(creationTimestamp) || 0;
}

/** The key of a team's queue. */
export function teamKeyOf(namespace: string, team: string): string {
  return `${namespace}/${team}`;
}

/** Sorts a queue: by rank, then by age, then by name, so that everybody counts alike. */
export function compareQueuedRuns(a: QueuedRun, b: QueuedRun): number {
  return a.rankMs - b.rankMs || a.createdAtMs - b.createdAtMs || (a.key < b.key ? -1 : Number(a.key > b.key));
}
