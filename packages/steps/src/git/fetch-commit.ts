/** Fetches exactly one commit into an empty repository. */
import { mkdir } from 'node:fs/promises';
import { StepFailure } from '../step-failure.ts';
import type { Git } from './git.ts';
import { withoutCredentials } from './git.ts';

export interface FetchCommitOptions {
  readonly url: string;
  /** For messages: owner/name. */
  readonly repository: string;
  readonly sha: string;
  /** Made when it does not exist. */
  readonly directory: string;
  /** Leaves file contents at the remote; enough to read tree ids. */
  readonly treesOnly?: boolean;
}

const isMissingCommit = (stderr: string): boolean =>
  /not our ref|couldn't find remote ref|no such ref|unadvertised object|does not contain/i.test(stderr);

const explain = ({ repository, sha }: FetchCommitOptions, stderr: string): StepFailure =>
  isMissingCommit(stderr)
    ? new StepFailure(`repository ${repository} has no commit ${sha}`, {
        code: 'GIT_COMMIT_MISSING',
        hint: 'it was never pushed, or a force push removed it',
      })
    : new StepFailure(`cannot fetch ${repository} at ${sha}: ${withoutCredentials(stderr.trim())}`, {
        code: 'GIT_FETCH_FAILED',
        hint: 'check git-base-url, the network and the ssh-key workspace',
      });

/** After this, `git rev-parse <sha>` works in the directory; nothing is checked out. */
export const fetchCommit = async (git: Git, options: FetchCommitOptions): Promise<void> => {
  const { directory, url, sha } = options;
  await mkdir(directory, { recursive: true });
  await git.run(['init', '--quiet'], directory);
  const filter = options.treesOnly === true ? ['--filter=blob:none'] : [];
  const args = ['fetch', '--quiet', '--no-tags', '--depth=1', ...filter, '--', url, sha];
  const outcome = await git.tryRun(args, directory);
  if (outcome.code !== 0) throw explain(options, outcome.stderr);
  const type = await git.tryRun(['cat-file', '-t', sha], directory);
  if (type.stdout.trim() !== 'commit') throw explain(options, 'does not contain the commit');
};
