/** RunState: what a Tekton condition says, in one word. */

import type { Condition } from '@tekton-dag/model';

export type RunState = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';

/** The condition of type Succeeded (Tekton: pipelineruns.md, "Monitoring execution status"). */
export function succeededCondition(conditions: readonly Condition[] | undefined): Condition | undefined {
  return conditions?.find(({ type }) => type === 'Succeeded');
}

/** The state of a PipelineRun or TaskRun from its conditions; without one it has not begun. */
export function runStateOf(conditions: readonly Condition[] | undefined): RunState {
  const condition = succeededCondition(conditions);
  if (condition === undefined) return 'pending';
  if (condition.status === 'True') return 'succeeded';
  const reason = condition.reason ?? '';
  if (condition.status === 'False') return reason.includes('Cancelled') ? 'cancelled' : 'failed';
  return reason === 'PipelineRunPending' || reason === 'Pending' ? 'pending' : 'running';
}

/** True when nothing will change any more. */
export function isDone(state: RunState): boolean {
  return state !== 'pending' && state !== 'running';
}
