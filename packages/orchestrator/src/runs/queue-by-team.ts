/** queueByTeam: the unfinished runs of each team, told apart by whether they take a slot. */

import { keyOf } from '@tekton-dag/kube';
import { LABEL, type PipelineRun } from '@tekton-dag/model';
import { phaseOf } from './run-phase.ts';

/** In no order. Slots are counted from `live` and never kept as a number. */
export interface TeamQueue {
  readonly live: PipelineRun[];
  readonly pending: PipelineRun[];
}

/** `admitted` holds keys of runs that were let go while the watch may not have shown it yet; they count as live. */
export function queueByTeam(
  runs: readonly PipelineRun[],
  admitted: ReadonlySet<string>,
): ReadonlyMap<string, TeamQueue> {
  const queues = new Map<string, TeamQueue>();
  for (const run of runs) {
    const phase = phaseOf(run);
    if (phase === 'finished') continue;
    const team = run.metadata.labels?.[LABEL.team] ?? '';
    const queue = queues.get(team) ?? { live: [], pending: [] };
    queues.set(team, queue);
    const isAdmitted = phase === 'pending' && admitted.size > 0 && admitted.has(keyOf(run));
    queue[isAdmitted ? 'live' : phase].push(run);
  }
  return queues;
}
