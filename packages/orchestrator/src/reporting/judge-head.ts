/** judgeHead: what is to be said of the commit that a pull request stands at. Pure. */

import type { Delivery, RunWithEvidence } from '@tekton-dag/store';
import type { Change } from '../forge/change.ts';
import { readDecision } from '../deliveries/accept-delivery.ts';
import type { Decision, NoRunReason } from '../deliveries/decision.ts';
import {
  parseDeliveryOutcome,
  type DeliveryOutcome,
  type SkippedTarget,
} from '../deliveries/delivery-outcome.ts';
import type { ReportState } from './report-state.ts';

/** Why nothing runs; `broken`: what was to run could not be made. */
export type NothingReason = NoRunReason | 'closed' | 'broken';

/**
 * `runs`: the newest test run of each team and stack, for this commit. `waiting`: work on it has not made its runs yet.
 * `nothing`: there are none, and will be none by themselves.
 */
export type HeadVerdict =
  | {
      readonly kind: 'runs';
      readonly runs: readonly RunWithEvidence[];
      readonly skipped: readonly SkippedTarget[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'nothing'; readonly reason: NothingReason; readonly detail: string };

export interface Head {
  readonly sha: string;
  readonly verdict: HeadVerdict;
}

interface Told {
  readonly delivery: Delivery;
  readonly decision: Exclude<Decision, { kind: 'command' }>;
  readonly change: Change;
}

const TEST_MODES = new Set(['pr', 'continue']);

/** Undefined while nothing is known of the pull request. */
export function judgeHead(state: ReportState): Head | undefined {
  const told = newestChange(state);
  const sha = told === undefined ? (state.pullRequest?.headSha ?? '') : commitOf(told);
  return sha === '' ? undefined : { sha, verdict: judgeCommit(state, sha, told) };
}

function judgeCommit(state: ReportState, sha: string, told: Told | undefined): HeadVerdict {
  const runs = newestPerTarget(state.runs.filter((run) => run.sha === sha && TEST_MODES.has(run.mode)));
  if (runs.length > 0) return { kind: 'runs', runs, ...leftOut(told) };
  return told === undefined ? { kind: 'waiting' } : judgeWithoutRuns(state, told);
}

/** Undefined where the forge itself told of a newer head than any delivery: the delivery is on its way. */
function newestChange({ deliveries, pullRequest }: ReportState): Told | undefined {
  for (const delivery of deliveries) {
    const decision = readDecision(delivery);
    if (decision.kind === 'command' || decision.change === undefined) continue;
    const { change } = decision;
    const isOvertaken =
      pullRequest !== undefined &&
      pullRequest.headSha !== change.headSha &&
      pullRequest.updatedAtMs > change.updatedAtMs;
    return isOvertaken ? undefined : { delivery, decision, change };
  }
  return undefined;
}

function commitOf({ decision, change }: Told): string {
  return decision.kind === 'test' ? decision.sha : change.headSha;
}

/** The API tells times by the second: of two runs of one second the later attempt is the newer. */
function newestPerTarget(runs: readonly RunWithEvidence[]): readonly RunWithEvidence[] {
  const newest = new Map<string, RunWithEvidence>();
  for (const run of runs.toSorted((a, b) => b.createdAtMs - a.createdAtMs || b.attempt - a.attempt)) {
    const target = `${run.team}/${run.stack}`;
    if (!newest.has(target)) newest.set(target, run);
  }
  return [...newest].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, run]) => run);
}

function leftOut(told: Told | undefined): { skipped: readonly SkippedTarget[]; notes: readonly string[] } {
  const outcome = parseDeliveryOutcome(told?.delivery.outcome);
  if (outcome?.kind !== 'runs') return { skipped: [], notes: [] };
  return { skipped: outcome.skipped, notes: outcome.notes };
}

function judgeWithoutRuns({ pullRequest }: ReportState, { delivery, decision }: Told): HeadVerdict {
  if (delivery.state === 'failed') return nothing('broken', delivery.reason ?? '');
  if (decision.kind === 'ignored') return nothing(decision.reason, decision.detail);
  if (decision.kind === 'close') return nothing('closed', '');
  // A release says nothing of the head; its checks were concluded before the merge.
  if (decision.kind === 'release') return nothing('closed', 'it was merged');
  if (pullRequest?.hold !== undefined) return nothing('hold', `by ${pullRequest.hold.by}`);
  return judgeOutcome(parseDeliveryOutcome(delivery.outcome));
}

/** Without an outcome it is still to come; with runs, they are still to be seen. */
function judgeOutcome(outcome: DeliveryOutcome | undefined): HeadVerdict {
  if (outcome?.kind === 'skipped') return nothing(outcome.reason, outcome.detail);
  if (outcome?.kind !== 'runs' || outcome.runs.length > 0) return { kind: 'waiting' };
  const [skipped] = outcome.skipped;
  return skipped === undefined ? { kind: 'waiting' } : nothing(skipped.reason, skipped.detail);
}

function nothing(reason: NothingReason, detail: string): HeadVerdict {
  return { kind: 'nothing', reason, detail };
}
