/** copyCheckout: a checkout of its own for one page, as somebody who has just cloned the repository and set it up. */

import { execFile } from 'node:child_process';
import { cp, copyFile, mkdir, readdir, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who commits in the copies. */
export const GIT_IDENTITY = {
  GIT_AUTHOR_NAME: 'acme developer',
  GIT_AUTHOR_EMAIL: 'developer@acme.example',
  GIT_COMMITTER_NAME: 'acme developer',
  GIT_COMMITTER_EMAIL: 'developer@acme.example',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  // git would collect garbage in the background, in a copy that is about to be removed.
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'gc.auto',
  GIT_CONFIG_VALUE_0: '0',
} as const;

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', args, {
    cwd,
    env: { ...process.env, ...GIT_IDENTITY },
    maxBuffer: 1 << 26,
  });
  return stdout;
}

/** What is not committed yet is part of the copy: the page on the screen is the page that is tested. */
async function commitWorkingTree(checkout: string, copy: string): Promise<void> {
  const listed = await git(checkout, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
  await git(copy, 'rm', '-r', '--quiet', '--cached', '.');
  for (const path of listed.split('\0').filter((each) => each !== '' && existsSync(join(checkout, each)))) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await cp(join(checkout, path), join(copy, path), { verbatimSymlinks: true });
  }
  await git(copy, 'add', '--all');
  await git(copy, 'commit', '--quiet', '--allow-empty', '--message', 'The working tree as it is');
}

/** The packages that are installed, by links; those of this repository are the copy's own. */
async function linkPackages(checkout: string, copy: string): Promise<void> {
  const target = join(copy, 'node_modules');
  await mkdir(target);
  for (const name of await readdir(join(checkout, 'node_modules'))) {
    const source = join(checkout, 'node_modules', name);
    if (name === '@tekton-dag' || name === '.bin') {
      await cp(source, join(target, name), { recursive: true, verbatimSymlinks: true });
    } else if (name === '.package-lock.json') await copyFile(source, join(target, name));
    else await symlink(source, join(target, name));
  }
  for (const name of await readdir(join(checkout, 'packages'))) {
    const source = join(checkout, 'packages', name, 'node_modules');
    if (existsSync(source)) await symlink(source, join(copy, 'packages', name, 'node_modules'));
  }
}

/** Makes the directory `copy`, a clone on branch `main`. */
export async function copyCheckout(checkout: string, copy: string): Promise<void> {
  await git(checkout, 'clone', '--quiet', checkout, copy);
  await git(copy, 'checkout', '--quiet', '-B', 'main');
  await commitWorkingTree(checkout, copy);
  await linkPackages(checkout, copy);
}
