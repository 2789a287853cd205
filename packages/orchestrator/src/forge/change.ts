/** A change: what a pull request is about, in words that every forge shares. */

/** SHAs are lower-case hex; times epoch milliseconds. */
export interface Change {
  /** The forge's host, e.g. `github.com`. */
  readonly host: string;
  /** `owner/name` of the repository that the pull request is for, as the forge spells it. */
  readonly repository: string;
  readonly pullRequest: number;
  readonly headSha: string;
  readonly baseRef: string;
  readonly author: string;
  /** The commits live in another repository, whose owner we do not trust. */
  readonly fromFork: boolean;
  /** When the forge last changed the pull request. */
  readonly updatedAtMs: number;
}
