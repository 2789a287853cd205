/** A forge for tests: bare git repositories in a temp directory, reached by `file://`. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
};

export interface TempForge extends AsyncDisposable {
  /** Temp directory of this forge; more may be put there. */
  readonly directory: string;
  /** For param git-base-url. */
  readonly baseUrl: string;
  urlOf(repository: string): string;
  /** Runs git in a directory. */
  git(args: readonly string[], cwd: string): Promise<string>;
  /** Commits files on a branch (made from `main` when it is new) and pushes; returns the commit. */
  push(repository: string, files: Readonly<Record<string, string>>, branch?: string): Promise<string>;
}

const runGit = async (args: readonly string[], cwd: string): Promise<string> => {
  const { stdout } = await execute('git', args, { cwd, env: { ...process.env, ...IDENTITY } });
  return stdout.trim();
};

const ensureRepository = async (bare: string, work: string): Promise<void> => {
  await mkdir(work, { recursive: true });
  await runGit(['init', '--quiet', '--bare', '--initial-branch=main', bare], work);
  await runGit(['clone', '--quiet', bare, '.'], work);
};

/** Makes an empty forge. */
export const createTempForge = async (): Promise<TempForge> => {
  const directory = await mkdtemp(join(tmpdir(), 'forge-'));
  const known = new Set<string>();
  const bareOf = (repository: string): string => join(directory, 'bare', `${repository}.git`);
  return {
    directory,
    baseUrl: `file://${join(directory, 'bare')}`,
    urlOf: (repository) => `file://${bareOf(repository)}`,
    git: runGit,
    async push(repository, files, branch = 'main') {
      const work = join(directory, 'work', repository);
      if (!known.has(repository)) await ensureRepository(bareOf(repository), work);
      known.add(repository);
      await runGit(['fetch', '--quiet', 'origin'], work);
      const refs = (await runGit(['for-each-ref', '--format=%(refname:short)', 'refs/remotes'], work)).split(
        '\n',
      );
      const start = refs.includes(`origin/${branch}`) ? `origin/${branch}` : 'origin/main';
      if (refs.includes(start)) await runGit(['checkout', '--quiet', '-B', branch, start], work);
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(work, path)), { recursive: true });
        await writeFile(join(work, path), text);
      }
      await runGit(['add', '--all'], work);
      await runGit(['commit', '--quiet', '--allow-empty', '--message', `change ${repository}`], work);
      await runGit(['push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`], work);
      return await runGit(['rev-parse', 'HEAD'], work);
    },
    async [Symbol.asyncDispose]() {
      await rm(directory, { recursive: true, force: true });
    },
  };
};
