/** Pushes the version commit; when someone else was faster, begins anew from what they pushed. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlannedBuild } from '@tekton-dag/model';
import type { Git } from '../git/git.ts';
import { withoutCredentials } from '../git/git.ts';
import { StepFailure } from '../step-failure.ts';
import { planVersionCommit } from './plan-version-commit.ts';
import { parseTrailers, type ReleasedVersion } from './release-trailer.ts';

export interface PushOptions {
  readonly git: Git;
  readonly url: string;
  /** Param git-revision; the branch, when it names one. */
  readonly revision: string;
  readonly versionsFile: string;
  readonly builds: readonly PlannedBuild[];
  readonly overrides: Readonly<Record<string, string>>;
  readonly directory: string;
}

export interface PushedVersions {
  /** Undefined when an earlier attempt had pushed all. */
  readonly commit: string | undefined;
  readonly releases: readonly ReleasedVersion[];
}

const ATTEMPTS = 8;
/** How far back an earlier attempt of the same release is looked for. */
const HISTORY_DEPTH = 200;
const IDENTITY = ['-c', 'user.name=tekton-dag', '-c', 'user.email=tekton-dag@users.noreply.github.com'];

/** The branch that git-revision names, else the default branch of the repository. */
const branchOf = async ({ git, url, revision }: PushOptions): Promise<string> => {
  const named = await git.run(['ls-remote', '--quiet', '--', url, `refs/heads/${revision}`], '/');
  if (named !== '') return revision;
  const head = await git.run(['ls-remote', '--quiet', '--symref', '--', url, 'HEAD'], '/');
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(head)?.[1];
  if (branch !== undefined) return branch;
  throw new StepFailure(`repository ${withoutCredentials(url)} has no branch to push versions to`, {
    code: 'RELEASE_NO_BRANCH',
    hint: 'set git-revision to a branch',
  });
};

const readVersions = async (path: string): Promise<string> =>
  await readFile(path, 'utf8').catch(() => 'apps: {}\n');

const commitAndPush = async (
  options: PushOptions,
  branch: string,
  message: string,
): Promise<string | undefined> => {
  const { git, directory, versionsFile, url } = options;
  await git.run(['add', '--', versionsFile], directory);
  await git.run([...IDENTITY, 'commit', '--quiet', '--no-gpg-sign', '--message', message], directory);
  const pushed = await git.tryRun(['push', '--quiet', '--', url, `HEAD:refs/heads/${branch}`], directory);
  if (pushed.code === 0) return await git.run(['rev-parse', 'HEAD'], directory);
  if (/non-fast-forward|fetch first|cannot lock ref|failed to update ref|stale info/i.test(pushed.stderr))
    return undefined;
  throw new StepFailure(`cannot push to branch ${branch}: ${withoutCredentials(pushed.stderr.trim())}`, {
    code: 'RELEASE_PUSH_REFUSED',
    hint: 'the ssh-key needs write access, and branch protection must let it push',
  });
};

const attempt = async (options: PushOptions, branch: string): Promise<PushedVersions | undefined> => {
  const { git, url, directory, builds, overrides } = options;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await git.run(['init', '--quiet'], directory);
  const depth = `--depth=${HISTORY_DEPTH}`;
  await git.run(['fetch', '--quiet', '--no-tags', depth, '--', url, `refs/heads/${branch}`], directory);
  await git.run(['checkout', '--quiet', '--detach', 'FETCH_HEAD'], directory);
  const history = parseTrailers(await git.run(['log', '--format=%B'], directory));
  const path = join(directory, options.versionsFile);
  const commit = planVersionCommit(builds, { text: await readVersions(path), history, overrides });
  if (commit.text === undefined) return { commit: undefined, releases: commit.releases };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, commit.text);
  const sha = await commitAndPush(options, branch, commit.message);
  return sha === undefined ? undefined : { commit: sha, releases: commit.releases };
};

/** Optimistic: reads, edits, pushes, and tries again when the branch has moved. */
export const pushVersionCommit = async (options: PushOptions): Promise<PushedVersions> => {
  const branch = await branchOf(options);
  for (let left = ATTEMPTS; left > 0; left -= 1) {
    const pushed = await attempt(options, branch);
    if (pushed !== undefined) return pushed;
  }
  throw new StepFailure(`branch ${branch} moved ${ATTEMPTS} times while versions were pushed`, {
    code: 'RELEASE_CONTENDED',
    hint: 'run it again; what is released already is not released twice',
  });
};
