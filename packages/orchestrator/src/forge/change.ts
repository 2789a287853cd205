/** A change: what a pull request is about, in words that every forge shares. */

/** A pull request that another one needs: `Depends-On: owner/name#7`. */
export interface Dependency {
  /** Of the forge; the dependent's own where the line names none. */
  readonly host: string;
  /** `owner/name`, as it was written. */
  readonly repository: string;
  readonly pullRequest: number;
}

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
  /** Hostile text, at most 256 characters; to be shown, never to be acted on. */
  readonly title: string;
  /** Not ready for review: not tested unasked. */
  readonly draft: boolean;
  /** The commits live in another repository, whose owner we do not trust. */
  readonly fromFork: boolean;
  readonly dependsOn: readonly Dependency[];
  /** When the forge last changed the pull request. */
  readonly updatedAtMs: number;
}
