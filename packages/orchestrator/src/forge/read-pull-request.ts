/** Pull requests and their files from an API; GitHub and Gitea spell the calls alike. */

import { z } from 'zod';
import type { PullRequest } from './forge-client.ts';
import { ForgeError } from './forge-error.ts';
import type { ForgeHttp } from './forge-http.ts';
import { githubPullRequest } from './github/github-pull-request.ts';
import { pagesOf } from './pages-of.ts';
import { readAnswer } from './read-answer.ts';
import { repositoryPath } from './repository-path.ts';
import { toPullRequest } from './to-pull-request.ts';

/** GitHub docs, "List pull requests files": at most 3,000 files. */
const MAX_FILE_PAGES = 30;

const changedFile = z.object({ filename: z.string(), previous_filename: z.string().nullish() });

export interface PullRequestPlace {
  readonly host: string;
  readonly repository: string;
  readonly pullRequest: number;
}

/** Undefined where there is none, or none that we may see. */
export async function readPullRequest(
  http: ForgeHttp,
  { host, repository, pullRequest }: PullRequestPlace,
): Promise<PullRequest | undefined> {
  const path = `${repositoryPath(repository)}/pulls/${pullRequest}`;
  try {
    const answer = await http.call({ operation: 'get-pull-request', method: 'GET', path });
    return toPullRequest(readAnswer(githubPullRequest, answer), { host, repository });
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return undefined;
    throw error;
  }
}

/** What a file was called before counts as changed too. */
export async function readChangedFiles(
  http: ForgeHttp,
  { repository, pullRequest }: Omit<PullRequestPlace, 'host'>,
  sizeParam: 'per_page' | 'limit',
): Promise<readonly string[]> {
  const path = `${repositoryPath(repository)}/pulls/${pullRequest}/files`;
  const request = { operation: 'list-files', method: 'GET', path } as const;
  const files = await pagesOf(http, request, changedFile, { sizeParam, maxPages: MAX_FILE_PAGES });
  return files.flatMap(({ filename, previous_filename: previous }) =>
    previous === undefined || previous === null ? [filename] : [filename, previous],
  );
}
