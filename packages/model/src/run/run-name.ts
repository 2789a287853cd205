/** runNameOf: the name of a PipelineRun, derived so that creating it twice is harmless. */

import { hashBase32 } from '../hash.ts';
import type { RunMode } from '../plan/plan.ts';

export interface RunSubject {
  readonly mode: RunMode;
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

/** `stack-pr-<n>-<hash>`, `stack-merge-<n>-<hash>` or `stack-bootstrap-<hash>`; the hash has 8 characters. */
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
