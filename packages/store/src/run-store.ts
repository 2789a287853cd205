/** The history of runs, as the orchestrator saw them in the cluster. Times are epoch milliseconds. */

import type { Page, PageRequest, TeamScope } from './page.ts';

export type RunState = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface RunKey {
  readonly namespace: string;
  readonly name: string;
}

export interface RunRow extends RunKey {
  readonly pipeline: string;
  readonly mode: string;
  readonly team: string;
  readonly stack: string;
  /** Empty where a run is for a whole stack, or for several apps. */
  readonly app: string;
  /** The apps that changed; empty where a run is for a whole stack. */
  readonly apps: readonly string[];
  /** The forge's host; empty for runs made by hand. */
  readonly host: string;
  readonly repository: string;
  readonly pullRequest: number | undefined;
  readonly sha: string;
  /** 1 for the first run of what it tests, one more for each run of the same again. */
  readonly attempt: number;
  /** Id of the delivery that asked for it; empty for runs made by hand. */
  readonly delivery: string;
  /** W3C trace context that the run is part of; empty where there is none. */
  readonly traceparent: string;
  /** What it was made of, as JSON text; empty where nothing is known. The store does not look inside. */
  readonly provenance: string;
  readonly state: RunState;
  /** Reason of the condition `Succeeded`, as Tekton spells it; empty before there is one. */
  readonly reason: string;
  readonly createdAtMs: number;
  readonly startedAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
}

/** With what was kept of the run record, as JSON text; the store does not look inside. */
export interface RunWithEvidence extends RunRow {
  readonly evidence: string | undefined;
}

export interface RunQuery extends PageRequest, TeamScope {
  readonly team?: string;
  readonly stack?: string;
  /** Runs for this app, alone or with others. */
  readonly app?: string;
  /** Letter case does not count. */
  readonly repository?: string;
  readonly pullRequest?: number;
  readonly states?: readonly RunState[];
  readonly mode?: string;
}

export interface PullRequestOfRuns {
  /** Any host when it is left out. */
  readonly host?: string;
  /** Letter case does not count. */
  readonly repository: string;
  readonly pullRequest: number;
}

export interface RunStore {
  /** Inserts the run or replaces what is known of it; its evidence stays. Concurrent calls share a commit. */
  upsert(run: RunRow): Promise<void>;
  get(key: RunKey): Promise<RunWithEvidence | undefined>;
  /** Keeps what the run leaves as proof; false when the run is not known. */
  setEvidence(key: RunKey, evidence: string): Promise<boolean>;
  /** Newest first. */
  list(query: RunQuery): Promise<Page<RunRow>>;
  /** Newest first, with evidence; at most `limit` (default 100). */
  listOfPullRequest(
    query: PullRequestOfRuns & { readonly limit?: number },
  ): Promise<readonly RunWithEvidence[]>;
  /** Runs that were not finished when last seen. */
  listOpen(): Promise<readonly RunRow[]>;
  /**
   * Deletes finished runs that were created before, and the oldest finished ones above `keepAtMost` runs; at most `limit`
   * (default 500). Tells how many.
   */
  prune(query: {
    readonly olderThanMs: number;
    readonly keepAtMost?: number;
    readonly limit?: number;
  }): Promise<number>;
}
