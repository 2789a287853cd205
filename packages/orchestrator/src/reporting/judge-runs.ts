/** judgeRuns: what several runs for one commit come to together. Pure. */

import type { RunRow } from '@tekton-dag/store';
import type { CheckConclusion } from '../forge/forge-client.ts';

export type RunsVerdict =
  | { readonly status: 'queued' | 'in_progress' }
  | { readonly status: 'completed'; readonly conclusion: CheckConclusion };

const TIMEOUT_REASONS = new Set(['PipelineRunTimeout', 'TaskRunTimeout']);

/** Under way until the last has ended; then the worst of them. `runs` is not empty. */
export function judgeRuns(runs: readonly Pick<RunRow, 'state' | 'reason'>[]): RunsVerdict {
  if (runs.every(({ state }) => state === 'pending')) return { status: 'queued' };
  if (runs.some(({ state }) => state === 'pending' || state === 'running')) return { status: 'in_progress' };
  return { status: 'completed', conclusion: concludeRuns(runs) };
}

function concludeRuns(runs: readonly Pick<RunRow, 'state' | 'reason'>[]): CheckConclusion {
  const failed = runs.filter(({ state }) => state === 'failed');
  if (failed.length > 0) {
    return failed.every(({ reason }) => TIMEOUT_REASONS.has(reason)) ? 'timed_out' : 'failure';
  }
  return runs.some(({ state }) => state === 'cancelled') ? 'cancelled' : 'success';
}
