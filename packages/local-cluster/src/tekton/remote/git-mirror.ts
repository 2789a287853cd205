/** createGitMirror: files of Git repositories at a revision, out of bare copies that hold the commits asked for so far. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import { runGit, type GitOutcome } from './run-git.ts';

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
  return {
    read: async (wanted, signal) => {
      const copy = join(directory, createHash('sha256').update(wanted.url).digest('hex').slice(0, 24));
      const git = async (...args: string[]): Promise<GitOutcome> =>
        await runGit(args, { directory: copy, signal, token: wanted.token });
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

type RunGit = (...args: string[]) => Promise<GitOutcome>;

async function findCommit(
  { url, revision }: WantedFile,
  copy: string,
  git: RunGit,
): Promise<Result<string, string>> {
  if (!existsSync(join(copy, 'HEAD'))) {
    await mkdir(copy, { recursive: true });
    const made = await git('init', '--quiet', '--bare');
    if (!made.isDone) return err(made.complaint);
  }
  if (COMMIT.test(revision) && (await git('cat-file', '-e', `${revision}^{commit}`)).isDone)
    return ok(revision);
  const fetched = await git('fetch', '--quiet', '--no-tags', '--depth=1', '--', url, revision);
  if (!fetched.isDone) return err(fetched.complaint);
  const parsed = await git('rev-parse', '--verify', 'FETCH_HEAD^{commit}');
  return parsed.isDone ? ok(parsed.stdout.trim()) : err(parsed.complaint);
}

async function readFile(path: string, commit: string, git: RunGit): Promise<Result<MirroredFile, string>> {
  const { isDone, stdout } = await git('cat-file', 'blob', `${commit}:${path}`);
  return isDone ? ok({ commit, text: stdout }) : err(`error opening file "${path}": file does not exist`);
}
