/** readCommittedFile: the text of a file as a commit has it; links are followed as far as they stay in the repository. */

import { posix } from 'node:path';
import { err, ok, type Result } from '@tekton-dag/model';
import type { RunGit } from './run-git.ts';

const NO_FILE = 'file does not exist';

/** The error is in the words of Tekton's resolver, which reads a checkout. */
export async function readCommittedFile(
  path: string,
  commit: string,
  git: RunGit,
): Promise<Result<string, string>> {
  // The name goes to git as a line.
  if (path.includes('\n')) return err(NO_FILE);
  const name = `${commit}:${posix.normalize(path)}`;
  const { isDone, stdout, complaint } = await git(['cat-file', '--batch', '--follow-symlinks'], `${name}\n`);
  return isDone ? readAnswer(stdout, path) : err(complaint);
}

/** An answer is a line about the object, then the object (git-cat-file, BATCH OUTPUT). */
function readAnswer(answer: string, path: string): Result<string, string> {
  const end = answer.indexOf('\n');
  const about = answer.slice(0, end);
  if (/^[0-9a-f]+ blob \d+$/.test(about)) return ok(answer.slice(end + 1, -1));
  if (/^[0-9a-f]+ tree \d+$/.test(about)) return err(`read ${path}: is a directory`);
  if (/^symlink \d+$/.test(about)) {
    return err(`path "${path}" attempts to escape the repository directory (possible path traversal attack)`);
  }
  return err(NO_FILE);
}
