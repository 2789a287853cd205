/** Pull requests: what the forge last told of each, and what people decided about it. Times are epoch milliseconds. */

export interface PullRequestKey {
  readonly host: string;
  /** `owner/name`; kept and compared in lower case. */
  readonly repository: string;
  readonly number: number;
}

/** What the forge tells. */
export interface PullRequestFacts extends PullRequestKey {
  readonly headSha: string;
  readonly baseRef: string;
  readonly author: string;
  readonly title: string;
  readonly fromFork: boolean;
  readonly draft: boolean;
  readonly state: 'open' | 'closed';
  /** Teams that it concerns. */
  readonly teams: readonly string[];
  /** Pull requests on the same host that its text names with `Depends-On:`. */
  readonly dependsOn: readonly Pick<PullRequestKey, 'repository' | 'number'>[];
  /** When it changed, as the forge tells. */
  readonly updatedAtMs: number;
}

/** With what people decided. */
export interface PullRequestRow extends PullRequestFacts {
  readonly hold: { readonly by: string; readonly atMs: number } | undefined;
  /** The one commit of a fork that may run, and who said so. */
  readonly approval: { readonly sha: string; readonly by: string; readonly atMs: number } | undefined;
}

export interface PullRequestStore {
  /** Inserts or replaces the facts; facts older than the stored ones change nothing. Gives the row as it is afterwards. */
  upsert(facts: PullRequestFacts): Promise<PullRequestRow>;
  get(key: PullRequestKey): Promise<PullRequestRow | undefined>;
  /** Also where the pull request is not known yet: the row then has empty facts of time 0. */
  setHold(key: PullRequestKey, hold: { readonly by: string; readonly atMs: number }): Promise<void>;
  /** Resolves to false when nothing was held. */
  clearHold(key: PullRequestKey): Promise<boolean>;
  /** Replaces an earlier approval; holds for exactly this commit. */
  approve(
    key: PullRequestKey,
    approval: { readonly sha: string; readonly by: string; readonly atMs: number },
  ): Promise<void>;
  /** Open pull requests that name this one in `dependsOn`. */
  dependentsOf(key: PullRequestKey): Promise<readonly PullRequestRow[]>;
  /** Deletes closed ones that did not change since; at most `limit` (default 500). Tells how many. */
  prune(query: { readonly olderThanMs: number; readonly limit?: number }): Promise<number>;
}
