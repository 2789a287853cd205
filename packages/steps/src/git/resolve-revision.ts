/** Turns a branch, tag or commit of a remote repository into a full commit id. */
import { StepFailure } from '../step-failure.ts';
import type { Git } from './git.ts';
import { withoutCredentials } from './git.ts';

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** Picks the commit out of `git ls-remote`: a branch before a tag, a peeled tag before its object. */
export const chooseRevision = (listing: string, revision: string): string | undefined => {
  const refs = new Map<string, string>();
  for (const line of listing.split('\n')) {
    const [sha, ref] = line.split('\t');
    if (sha !== undefined && ref !== undefined) refs.set(ref, sha);
  }
  return (
    refs.get(`refs/heads/${revision}`) ??
    refs.get(`refs/tags/${revision}^{}`) ??
    refs.get(`refs/tags/${revision}`) ??
    refs.get(revision)
  );
};

/** Asks the remote; a full commit id is returned as it is (fetching it proves that it exists). */
export const resolveRevision = async (
  git: Git,
  { url, repository, revision }: { url: string; repository: string; revision: string },
): Promise<string> => {
  if (COMMIT.test(revision)) return revision;
  const patterns = [`refs/heads/${revision}`, `refs/tags/${revision}`, `refs/tags/${revision}^{}`];
  if (revision.startsWith('refs/') || revision === 'HEAD') patterns.push(revision);
  const outcome = await git.tryRun(['ls-remote', '--quiet', '--', url, ...patterns], '/');
  if (outcome.code !== 0) {
    throw new StepFailure(
      `cannot read repository ${repository}: ${withoutCredentials(outcome.stderr.trim())}`,
      {
        code: 'GIT_REPOSITORY_UNREADABLE',
        hint: 'check repo in the stack, git-base-url and the ssh-key workspace',
      },
    );
  }
  const sha = chooseRevision(outcome.stdout, revision);
  if (sha !== undefined) return sha;
  throw new StepFailure(`repository ${repository} has no branch or tag ${JSON.stringify(revision)}`, {
    code: 'GIT_REVISION_MISSING',
    hint: 'push it, or set app-revisions or default-revision',
  });
};
