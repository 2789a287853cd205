/** The condition `Succeeded` of a run, with Tekton's reasons (docs: pipelineruns.md and taskruns.md, "Monitoring"). */

import type { Condition } from './run-spec.ts';

export type ConditionStatus = Condition['status'];

/** What a decision says about a run; times are added when it is stored. */
export interface Verdict {
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

export const running = (reason: string, message: string): Verdict => ({ status: 'Unknown', reason, message });
export const succeeded = (reason: string, message: string): Verdict => ({ status: 'True', reason, message });
export const failed = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });

/** A failure that the author of the run can mend; Tekton marks its message. */
export const failedByUser = (reason: string, message: string): Verdict =>
  failed(reason, `[User error] ${message}`);

/** The `Succeeded` condition, when the run has one. */
export function succeededCondition(status: {
  readonly conditions?: Condition[] | undefined;
}): Condition | undefined {
  return status.conditions?.find((condition) => condition.type === 'Succeeded');
}

/** True when the run has ended, well or badly. */
export function isDone(status: { readonly conditions?: Condition[] | undefined }): boolean {
  const condition = succeededCondition(status);
  return condition !== undefined && condition.status !== 'Unknown';
}

/** The conditions list to store; the transition time moves only when something changed. */
export function conditionsWith(before: Condition | undefined, verdict: Verdict, now: string): Condition[] {
  const same =
    before?.status === verdict.status &&
    before.reason === verdict.reason &&
    before.message === verdict.message;
  const lastTransitionTime = same ? (before.lastTransitionTime ?? now) : now;
  return [{ type: 'Succeeded', ...verdict, lastTransitionTime }];
}
