/** The line of a version commit by which a second attempt finds it; pure (git-interpret-trailers). */

const TRAILER = /^Tekton-Dag-Release: (\S+)@([0-9a-f]{40,64})=(\S+) next=(\S+)$/gm;

export interface ReleasedVersion {
  readonly app: string;
  /** The merge commit that was released. */
  readonly sha: string;
  readonly released: string;
  readonly next: string;
}

export const renderTrailer = ({ app, sha, released, next }: ReleasedVersion): string =>
  `Tekton-Dag-Release: ${app}@${sha}=${released} next=${next}`;

/** All releases that commit messages tell of. */
export const parseTrailers = (messages: string): ReleasedVersion[] =>
  [...messages.matchAll(TRAILER)].map(([, app = '', sha = '', released = '', next = '']) => ({
    app,
    sha,
    released,
    next,
  }));
