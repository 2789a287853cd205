/** createGiteaClient: Gitea's API as a ForgeClient; what Gitea has no check runs for becomes a commit status. */

import { z } from 'zod';
import type { CheckReport, ForgeClient } from '../forge-client.ts';
import { ForgeError } from '../forge-error.ts';
import type { ForgeEntry } from '../forge-file.ts';
import { createForgeHttp, type ForgeHttp, type ForgeHttpOptions } from '../forge-http.ts';
import { permissionOf } from '../permission-of.ts';
import { putComment } from '../put-comment.ts';
import { readAnswer } from '../read-answer.ts';
import { readChangedFiles, readPullRequest } from '../read-pull-request.ts';
import { repositoryPath } from '../repository-path.ts';
import { sendToGitea } from './send-to-gitea.ts';

const SHA = /^[0-9a-f]{40,64}$/;
const COMMENT_ID = /^\d{1,20}$/;
/** What Gitea's page of a commit shows. */
const MAX_DESCRIPTION_LENGTH = 255;

const status = z.object({ id: z.number().int().positive() });
const user = z.object({ login: z.string().min(1) });

export function createGiteaClient(entry: ForgeEntry, metrics: ForgeHttpOptions['metrics']): ForgeClient {
  const { host } = entry;
  const http = createForgeHttp({ host, metrics, send: sendToGitea(entry) });
  let login = entry.botLogin;
  const ownLogin = async (): Promise<string> => {
    const ask = { operation: 'get-self', method: 'GET', path: '/user' } as const;
    login ??= readAnswer(user, await http.call(ask)).login;
    return login;
  };
  return {
    getPullRequest: (repository, pullRequest) => readPullRequest(http, { host, repository, pullRequest }),
    listChangedFiles: (repository, pullRequest) =>
      readChangedFiles(http, { repository, pullRequest }, 'limit'),
    permissionOf: (repository, login) => permissionOf(http, repository, login),
    putCheck: (check) => putStatus(http, check),
    putComment: (comment) => putComment({ http, sizeParam: 'limit', ownLogin }, comment),
    react: async ({ repository, commentId, content }) => {
      if (!COMMENT_ID.test(commentId)) throw new ForgeError('invalid', 'it is not the id of a comment');
      const path = `${repositoryPath(repository)}/issues/comments/${commentId}/reactions`;
      await http.call({ operation: 'react', method: 'POST', path, body: { content } });
    },
    budget: () => http.budget(),
  };
}

/** The newest status of a context is the one that counts, so there is nothing to update. */
async function putStatus(http: ForgeHttp, check: CheckReport): Promise<{ readonly id: string }> {
  if (!SHA.test(check.headSha)) throw new ForgeError('invalid', 'it is not a commit');
  const path = `${repositoryPath(check.repository)}/statuses/${check.headSha}`;
  const body = {
    context: check.name,
    state: stateOf(check),
    description: check.title.slice(0, MAX_DESCRIPTION_LENGTH),
    ...(check.detailsUrl === undefined ? {} : { target_url: check.detailsUrl }),
  };
  const answer = await http.call({ operation: 'create-status', method: 'POST', path, body });
  return { id: String(readAnswer(status, answer).id) };
}

/** A check that waits for somebody must not let the pull request be merged. */
const STATES = {
  success: 'success',
  skipped: 'success',
  neutral: 'success',
  failure: 'failure',
  cancelled: 'failure',
  timed_out: 'failure',
  action_required: 'pending',
} as const;

function stateOf({ status, conclusion }: CheckReport): string {
  return status !== 'completed' || conclusion === undefined ? 'pending' : STATES[conclusion];
}
