/** createGiteaClient: Gitea's API as a ForgeClient; what Gitea has no check runs for becomes a commit status. */

import { z } from 'zod';
import type { ForgeClient } from '../forge-client.ts';
import { ForgeError } from '../forge-error.ts';
import type { ForgeEntry } from '../forge-file.ts';
import { createForgeHttp, type ForgeHttpOptions } from '../forge-http.ts';
import { permissionOf } from '../permission-of.ts';
import { putComment } from '../put-comment.ts';
import { putCommitStatus } from '../put-commit-status.ts';
import { readAnswer } from '../read-answer.ts';
import { readChangedFiles, readPullRequest } from '../read-pull-request.ts';
import { repositoryPath } from '../repository-path.ts';
import { sendToGitea } from './send-to-gitea.ts';

const COMMENT_ID = /^\d{1,20}$/;

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
    putCheck: (check) => putCommitStatus(http, check),
    putComment: (comment) => putComment({ http, sizeParam: 'limit', ownLogin }, comment),
    react: async ({ repository, commentId, content }) => {
      if (!COMMENT_ID.test(commentId)) throw new ForgeError('invalid', 'it is not the id of a comment');
      const path = `${repositoryPath(repository)}/issues/comments/${commentId}/reactions`;
      await http.call({ operation: 'react', method: 'POST', path, body: { content } });
    },
    budget: () => http.budget(),
  };
}
