/** createGitMirror: files of Git repositories at a revision, out of bare copies that hold the commits asked for so far. */

import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import { readCommittedFile } from './read-committed-file.ts';
import { runGit, type RunGit } from './run-git.ts';

export interface WantedFile {
  readonly url: string;
  readonly revision: string;
  readonly path: string;
  readonly token?: string | undefined;
}

export interface MirroredFile {
  /** The commit that the revision was. */
  readonly commit: string;
  readonly text: string;
}

export interface GitMirror {
  /** Asks the repository unless the commit is here already; the error is in the words of Tekton's resolver. */
  read(wanted: WantedFile, signal: AbortSignal): Promise<Result<MirroredFile, string>>;
}

const COMMIT = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** `directory` is made when it is needed. */
export function createGitMirror(directory: string): GitMirror {
  /** Fetches into one copy follow each other: git locks its files. */
  const turns = new Map<string, Promise<unknown>>();
  const opened = new Set<string>();

  const findCommit = async (
    { url, revision }: WantedFile,
    copy: string,
    git: RunGit,
  ): Promise<Result<string, string>> => {
    if (!opened.has(copy)) {
      const complaint = await openCopy(copy, git);
      if (complaint !== undefined) return err(complaint);
      opened.add(copy);
    }
    if (COMMIT.test(revision) && (await git(['cat-file', '-e', `${revision}^{commit}`])).isDone)
      return ok(revision);
    return await fetchCommit(url, revision, copy, git);
  };

  return {
    read: async (wanted, signal) => {
      const copy = join(directory, nameOfCopy(wanted));
      const git: RunGit = async (args, input) =>
        await runGit(args, { directory: copy, signal, token: wanted.token, input });
      const before = turns.get(copy) ?? Promise.resolve();
      const commit = before.then(() => findCommit(wanted, copy, git));
      turns.set(
        copy,
        commit.catch(() => undefined),
      );
      const found = await commit;
      return found.ok ? await readFile(wanted.path, found.value, git) : found;
    },
  };
}

/** One copy for each token: what was fetched with it is not shown to who does not have it. */
const nameOfCopy = ({ url, token }: WantedFile): string =>
  createHash('sha256')
    .update(JSON.stringify([url, token]))
    .digest('hex')
    .slice(0, 24);

/** Makes the copy anew when it is none, or only half of one. Undefined when it can be used. */
async function openCopy(copy: string, git: RunGit): Promise<string | undefined> {
  await mkdir(copy, { recursive: true });
  if ((await git(['rev-parse', '--git-dir'])).isDone) return undefined;
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy);
  const made = await git(['init', '--quiet', '--bare']);
  return made.isDone ? undefined : made.complaint;
}

async function fetchCommit(
  url: string,
  revision: string,
  copy: string,
  git: RunGit,
): Promise<Result<string, string>> {
  // Nobody else fetches into this copy: the lock is one that a fetch left when it was killed.
  await rm(join(copy, 'shallow.lock'), { force: true });
  const fetched = await git(['fetch', '--quiet', '--no-tags', '--depth=1', '--', url, revision]);
  if (!fetched.isDone) return err(fetched.complaint);
  const parsed = await git(['rev-parse', '--verify', 'FETCH_HEAD^{commit}']);
  return parsed.isDone ? ok(parsed.stdout.trim()) : err(parsed.complaint);
}

async function readFile(path: string, commit: string, git: RunGit): Promise<Result<MirroredFile, string>> {
  const text = await readCommittedFile(path, commit, git);
  return text.ok ? ok({ commit, text: text.value }) : err(`error opening file "${path}": ${text.error}`);
}
