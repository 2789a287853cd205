/** Makes a working tree of exactly one commit, and proves that it is that one. */
import { StepFailure } from '../step-failure.ts';
import { fetchCommit, type FetchCommitOptions } from './fetch-commit.ts';
import type { Git } from './git.ts';

/** Fetches and checks out; throws when HEAD is not the commit afterwards. */
export const checkoutCommit = async (
  git: Git,
  options: Omit<FetchCommitOptions, 'treesOnly'>,
): Promise<void> => {
  await fetchCommit(git, options);
  await git.run(['checkout', '--quiet', '--force', '--detach', options.sha], options.directory);
  const head = await git.run(['rev-parse', '--verify', 'HEAD'], options.directory);
  if (head === options.sha) return;
  throw new StepFailure(`${options.repository}: HEAD is ${head}, wanted ${options.sha}`, {
    code: 'GIT_HEAD_WRONG',
  });
};
