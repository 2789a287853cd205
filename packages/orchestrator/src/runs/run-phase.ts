/** The phase of a run, read from the PipelineRun alone. */

import type { Condition, PipelineRun } from '@tekton-dag/model';

/** `pending`: held back by `spec.status`; `live`: takes a slot; `finished`: never changes again. */
export type RunPhase = 'pending' | 'live' | 'finished';

export function phaseOf(run: PipelineRun): RunPhase {
  const status = succeededCondition(run)?.status;
  if (status === 'True' || status === 'False') return 'finished';
  return run.spec.status === 'PipelineRunPending' ? 'pending' : 'live';
}

/** The condition that Tekton keeps the outcome in. */
export function succeededCondition(run: PipelineRun): Condition | undefined {
  return run.status?.conditions?.find(({ type }) => type === 'Succeeded');
}
