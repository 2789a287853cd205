/** Real git repositories for the demo: one bare repository per example app, and the platform's with stacks and versions. */

import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface DemoRepositories {
  /** What `<base>/<owner>/<name>.git` URLs start with. */
  readonly baseUrl: string;
  readonly platformUrl: string;
  /** Commits an edit of one file on a branch and pushes it; returns the commit's SHA. */
  pushEdit(edit: FileEdit): Promise<string>;
  /** Merges a branch into main the way a forge does (a merge commit) and returns its SHA. */
  merge(app: string, branch: string): Promise<string>;
  headOf(app: string): Promise<string>;
  /** A file of the platform repository as main has it now. */
  readPlatformFile(path: string): Promise<string>;
}

export interface FileEdit {
  readonly app: string;
  readonly branch: string;
  readonly file: string;
  readonly message: string;
  readonly change: (text: string) => string;
}

export const OWNER = 'acme';

/** Nothing of the user's own git configuration may change what the demo does. */
const gitEnv = {
  PATH: process.env['PATH'] ?? '',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'acme developer',
  GIT_AUTHOR_EMAIL: 'developer@acme.example',
  GIT_COMMITTER_NAME: 'acme developer',
  GIT_COMMITTER_EMAIL: 'developer@acme.example',
};

async function git(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd, env: gitEnv });
  return stdout.trim();
}

async function createRepository(root: string, name: string, fill: (directory: string) => Promise<void>) {
  const bare = join(root, 'git', OWNER, `${name}.git`);
  const work = join(root, 'work', name);
  await mkdir(work, { recursive: true });
  await git(root, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  // A forge serves any commit by its SHA; a plain bare repository must be told to.
  await git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  await git(bare, 'config', 'uploadpack.allowFilter', 'true');
  await git(root, 'init', '--quiet', '--initial-branch=main', work);
  await fill(work);
  await git(work, 'add', '--all');
  await git(work, 'commit', '--quiet', '--message', `${name}: first version`);
  await git(work, 'remote', 'add', 'origin', bare);
  await git(work, 'push', '--quiet', 'origin', 'main');
}

async function pushEdit(root: string, edit: FileEdit): Promise<string> {
  const work = join(root, 'work', edit.app);
  await git(work, 'fetch', '--quiet', 'origin', 'main');
  await git(work, 'checkout', '--quiet', '-B', edit.branch, 'origin/main');
  const path = join(work, edit.file);
  const before = await readFile(path, 'utf8');
  const after = edit.change(before);
  if (after === before) throw new Error(`the demo's edit of ${edit.app}/${edit.file} changed nothing`);
  await writeFile(path, after);
  await git(work, 'commit', '--quiet', '--all', '--message', edit.message);
  await git(work, 'push', '--quiet', '--force', 'origin', edit.branch);
  return git(work, 'rev-parse', 'HEAD');
}

async function merge(root: string, app: string, branch: string): Promise<string> {
  const work = join(root, 'work', app);
  await git(work, 'checkout', '--quiet', '-B', 'main', 'origin/main');
  await git(work, 'merge', '--quiet', '--no-ff', '--message', `Merge ${branch}`, branch);
  await git(work, 'push', '--quiet', 'origin', 'main');
  return git(work, 'rev-parse', 'HEAD');
}

/** Makes `<root>/git/acme/*.git` out of `examples/apps` and `stacks` of the checkout. */
export async function createDemoRepositories(
  root: string,
  checkout: string,
  apps: readonly string[],
): Promise<DemoRepositories> {
  const copyApp = (app: string) => (work: string) =>
    cp(join(checkout, 'examples/apps', app), work, { recursive: true, filter: isSource });
  await Promise.all(apps.map((app) => createRepository(root, app, copyApp(app))));
  await createRepository(root, 'platform', (work) =>
    cp(join(checkout, 'stacks'), join(work, 'stacks'), { recursive: true }),
  );
  const bareOf = (name: string) => join(root, 'git', OWNER, `${name}.git`);
  return {
    baseUrl: pathToFileURL(join(root, 'git')).href,
    platformUrl: pathToFileURL(bareOf('platform')).href,
    pushEdit: (edit) => pushEdit(root, edit),
    merge: (app, branch) => merge(root, app, branch),
    headOf: (app) => git(bareOf(app), 'rev-parse', 'main'),
    readPlatformFile: (path) => git(bareOf('platform'), 'show', `main:${path}`),
  };
}

const isSource = (path: string): boolean => !/\/(node_modules|vendor|__pycache__)(\/|$)/.test(path);
