/** runNameOf: the name of a PipelineRun, derived so that creating it twice is harmless. */

import { hashBase32 } from '../hash.ts';
import type { RunMode } from '../plan/plan.ts';

export interface RunSubject {
  readonly mode: Exclude<RunMode, 'continue'>;
  readonly team: string;
  readonly stack: string;
  /** The changed app; absent for a run of all apps. */
  readonly app?: string;
  /** `owner/name` of the change. */
  readonly repository?: string;
  readonly pullRequest?: number;
  /** Commit of the change, or the platform's revision for a bootstrap. */
  readonly sha: string;
  /** Counts from 1; a rerun takes the next. */
  readonly attempt: number;
}

/** `stack-<mode>-<n>-<hash>`, or `stack-<mode>-<hash>` where no pull request counts; the hash has 8 characters. */
export function runNameOf(subject: RunSubject): string {
  const { mode, team, stack, app, repository, pullRequest, sha, attempt } = subject;
  const key = [
    team,
    stack,
    app ?? null,
    repository?.toLowerCase() ?? null,
    pullRequest ?? null,
    sha.toLowerCase(),
    attempt,
  ];
  const number = pullRequest === undefined || mode === 'bootstrap' ? '' : `${pullRequest}-`;
  return `stack-${mode}-${number}${hashBase32(key, 8)}`;
}

/** What continues: the failed run by name, and which try this is, from 1. */
export interface ContinuedRun {
  readonly from: string;
  readonly pullRequest?: string;
  readonly attempt: number;
}

/** `stack-continue-<n>-<hash>`: continuing the same run twice is one run, unless another attempt is asked for. */
export function continuedRunNameOf({ from, pullRequest, attempt }: ContinuedRun): string {
  const number = pullRequest === undefined ? '' : `${pullRequest}-`;
  return `stack-continue-${number}${hashBase32([from, attempt], 8)}`;
}

/** What repeats: the run by name and mode, and which repetition this is, from 1. */
export interface RepeatedRun extends ContinuedRun {
  readonly mode: Exclude<RunMode, 'continue'>;
}

/** `stack-<mode>-<n>-<hash>`, as a first run is named; repeating the same run twice is one run, but for the attempt. */
export function repeatedRunNameOf({ from, mode, pullRequest, attempt }: RepeatedRun): string {
  const number = pullRequest === undefined || mode === 'bootstrap' ? '' : `${pullRequest}-`;
  return `stack-${mode}-${number}${hashBase32(['repeat', from, attempt], 8)}`;
}
