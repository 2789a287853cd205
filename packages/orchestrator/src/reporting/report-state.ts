/** ReportState: everything that a report is made from, as the store has it now. */

import type { Delivery, PullRequestRow, RunWithEvidence } from '@tekton-dag/store';

export interface SessionHeader {
  readonly name: string;
  readonly value: string;
}

export interface ReportState {
  readonly host: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly pullRequest: PullRequestRow | undefined;
  /** Newest first. */
  readonly runs: readonly RunWithEvidence[];
  /** Of this pull request, newest first. */
  readonly deliveries: readonly Delivery[];
  /** Name of a waiting run to how many of its team wait before it. */
  readonly ahead: ReadonlyMap<string, number>;
  /** Name of an unfinished run to the header that sends a request through it. */
  readonly sessions: ReadonlyMap<string, SessionHeader>;
  /** The pull request bears our comment already. */
  readonly hasComment: boolean;
  /** Where people see runs; absent: no links. Without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** What the check and the comment are called. */
  readonly reportName: string;
}
