/**
 * Reports: the outbox of what pull requests are to show. Level-triggered: a row says that something changed, never what;
 * whoever claims it looks at the state as it is. Times are epoch milliseconds.
 */

import type { PullRequestKey } from './pull-request-store.ts';

/** `repository` is kept and compared in lower case. */
export interface ReportKey extends Pick<PullRequestKey, 'host' | 'repository'> {
  readonly pullRequest: number;
}

export interface ReportRow extends ReportKey {
  /** Grows with each request. */
  readonly wantedVersion: number;
  /** The version that the forge shows; the report is due while it is below `wantedVersion`. */
  readonly shownVersion: number;
  /** The head that the last request was about. */
  readonly headSha: string;
  /** The head that `checkId` belongs to. */
  readonly shownHeadSha: string;
  readonly checkId: string | undefined;
  readonly commentId: string | undefined;
  /** Hash of what is shown; the same hash need not be sent again. */
  readonly shownHash: string | undefined;
  readonly shownAtMs: number | undefined;
  /** Since the last success, the one under way included. */
  readonly attempts: number;
  readonly notBeforeMs: number;
  readonly requestedAtMs: number;
  readonly owner: string | undefined;
  readonly lastError: string | undefined;
}

export interface ReportRequest {
  readonly headSha: string;
  readonly nowMs: number;
  /** Not earlier than this after what was shown last; default 0, for what must be seen at once. */
  readonly spacingMs?: number;
}

export interface ReportClaim {
  readonly owner: string;
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
}

export interface ShownReport {
  /** `wantedVersion` of the claimed row. */
  readonly version: number;
  readonly headSha: string;
  readonly checkId: string | undefined;
  readonly commentId: string | undefined;
  readonly hash: string;
  readonly nowMs: number;
}

export interface ReportStore {
  /** Says that the pull request is to show something new. A back-off that is under way stays. */
  request(key: ReportKey, request: ReportRequest): Promise<void>;
  /** Longest due first; each to one owner until its lease ends. */
  claim(claim: ReportClaim): Promise<readonly ReportRow[]>;
  /** Ends the claim of `owner`; the row stays due when it was requested again meanwhile. */
  shown(key: ReportKey & { readonly owner: string | undefined }, shown: ShownReport): Promise<void>;
  /** Ends the claim; due again at `notBeforeMs`. What was made meanwhile (a check, a comment) may be told. */
  retry(
    key: ReportKey & { readonly owner: string | undefined },
    retry: {
      readonly notBeforeMs: number;
      readonly error: string;
      /** The head that `checkId` belongs to. */
      readonly headSha?: string;
      readonly checkId?: string;
      readonly commentId?: string;
      readonly hash?: string;
    },
  ): Promise<void>;
  /** Ends the claim and the wish: not due until it is requested again. */
  giveUp(
    key: ReportKey & { readonly owner: string | undefined },
    reason: { readonly version: number; readonly error: string },
  ): Promise<void>;
  get(key: ReportKey): Promise<ReportRow | undefined>;
  /** Gives back what `owner` had claimed when it died; tells how many. */
  releaseClaims(owner: string): Promise<number>;
  /** How many are due, and since when the oldest is. */
  depth(): Promise<{ readonly depth: number; readonly oldestRequestedAtMs: number | undefined }>;
  /** Deletes rows that nobody asked for since and that are not due; at most `limit` (default 500). Tells how many. */
  prune(query: { readonly olderThanMs: number; readonly limit?: number }): Promise<number>;
}
