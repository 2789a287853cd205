/** planAdmissions: which pending runs may start now; a pure function of the runs that exist. */

import { LABEL, type PipelineRun } from '@tekton-dag/model';
import { phaseOf } from './run-phase.ts';

/** A run that this process has let go, while the watch may not have shown it yet. */
export type AdmittedNames = ReadonlySet<string>;

/**
 * Per team the oldest first, while fewer than `maxConcurrentRuns` are live. Slots are counted from the runs
 * themselves. Runs of one session go one after the other: their objects have the same names. Runs of unknown teams wait.
 */
export function planAdmissions(
  runs: readonly PipelineRun[],
  maxConcurrentRuns: ReadonlyMap<string, number>,
  admitted: AdmittedNames,
): readonly PipelineRun[] {
  const byTeam = Map.groupBy(runs, (run) => run.metadata.labels?.[LABEL.team] ?? '');
  return [...byTeam].flatMap(([team, ofTeam]) =>
    admitForTeam(ofTeam, maxConcurrentRuns.get(team) ?? 0, admitted),
  );
}

function admitForTeam(
  runs: readonly PipelineRun[],
  slots: number,
  admitted: AdmittedNames,
): readonly PipelineRun[] {
  const live = runs.filter(
    (run) => phaseOf(run) === 'live' || (phaseOf(run) === 'pending' && isAdmitted(run, admitted)),
  );
  const pending = runs
    .filter((run) => phaseOf(run) === 'pending' && !isAdmitted(run, admitted))
    .sort(compareAge);
  const busySessions = new Set(live.map(sessionKeyOf));
  const chosen: PipelineRun[] = [];
  for (const run of pending) {
    if (live.length + chosen.length >= slots) break;
    const session = sessionKeyOf(run);
    if (session !== undefined && busySessions.has(session)) continue;
    busySessions.add(session);
    chosen.push(run);
  }
  return chosen;
}

function isAdmitted(run: PipelineRun, admitted: AdmittedNames): boolean {
  return admitted.has(`${run.metadata.namespace}/${run.metadata.name}`);
}

/** Only test runs hold a session; a release touches no intercept. */
function sessionKeyOf({ metadata: { labels = {} } }: PipelineRun): string | undefined {
  return labels[LABEL.mode] === 'pr' ? labels[LABEL.session] : undefined;
}

function compareAge(a: PipelineRun, b: PipelineRun): number {
  const left = `${a.metadata.creationTimestamp ?? ''} ${a.metadata.name}`;
  const right = `${b.metadata.creationTimestamp ?? ''} ${b.metadata.name}`;
  return left < right ? -1 : Number(left > right);
}
