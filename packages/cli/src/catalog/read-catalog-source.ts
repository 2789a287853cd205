/** readCatalogSource: where a checkout's tasks and pipelines come from: their digest, and the commit when it is a Git checkout. */

import { COMMIT_PATTERN, parsePinnedCatalog } from '@tekton-dag/model';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CATALOG_FOLDERS } from './find-checkout.ts';

export interface CatalogSource {
  /** `sha256:<hex>` over the files. */
  readonly digest: string;
  /** Commit of the checkout; absent where it is none, or its files are not those of the commit. */
  readonly revision?: string;
  /** Of the remote `origin`. */
  readonly url?: string;
  /** True when files of the catalog were changed since the commit. */
  readonly isChanged: boolean;
}

const run = promisify(execFile);

/** `env` gives git its PATH. */
export async function readCatalogSource(
  checkout: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<CatalogSource> {
  const git = createGit(checkout, env);
  const digest = await digestCatalog(checkout);
  const revision = await git('rev-parse', '--verify', 'HEAD');
  // Part of another repository: its paths are not those that a run would fetch.
  const isWhole = (await git('rev-parse', '--show-prefix')) === '';
  if (revision === undefined || !isWhole || !COMMIT_PATTERN.test(revision))
    return { digest, isChanged: false };
  const changes = await git('status', '--porcelain', '--', ...CATALOG_FOLDERS);
  if (changes !== '') return { digest, isChanged: true };
  const remote = (await git('remote', 'get-url', 'origin'))?.replace(/^(https?:\/\/)[^/]*@/, '$1');
  const isUsable = parsePinnedCatalog({ url: remote, revision }).ok;
  return { digest, revision, isChanged: false, ...(remote !== undefined && isUsable ? { url: remote } : {}) };
}

/**
 * SHA-256 over tasks/*.yaml and pipeline/stack-*.yaml by name; of each its path, a line feed, its text, a line feed. The chart
 * computes the same.
 */
async function digestCatalog(checkout: string): Promise<string> {
  const tasks = await listFiles(checkout, 'tasks', /\.yaml$/);
  const pipelines = await listFiles(checkout, 'pipeline', /^stack-.*\.yaml$/);
  const hash = createHash('sha256');
  for (const path of [...tasks, ...pipelines]) {
    hash.update(`${path}\n${await readFile(join(checkout, path), 'utf8')}\n`);
  }
  return `sha256:${hash.digest('hex')}`;
}

async function listFiles(checkout: string, folder: string, pattern: RegExp): Promise<string[]> {
  const names = (await readdir(join(checkout, folder))).filter((name) => pattern.test(name));
  return names.toSorted().map((name) => `${folder}/${name}`);
}

/** Undefined for what git refuses, and where there is no git. */
function createGit(checkout: string, env: Readonly<Record<string, string | undefined>>) {
  return async (...args: string[]): Promise<string | undefined> => {
    const variables = { PATH: env['PATH'], GIT_CONFIG_NOSYSTEM: '1', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
    try {
      const { stdout } = await run('git', ['-C', checkout, ...args], { env: variables });
      return stdout.trim();
    } catch {
      return undefined;
    }
  };
}
