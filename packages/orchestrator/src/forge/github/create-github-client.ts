/** createGitHubClient: GitHub's REST API as a ForgeClient. Nothing is loaded or asked before the first call. */

import { z } from 'zod';
import type { ForgeClient } from '../forge-client.ts';
import { ForgeError } from '../forge-error.ts';
import type { ForgeEntry } from '../forge-file.ts';
import { createForgeHttp, type ForgeHttp, type ForgeHttpOptions } from '../forge-http.ts';
import type { ForgeRequest } from '../forge-request.ts';
import { permissionOf } from '../permission-of.ts';
import { putComment } from '../put-comment.ts';
import { readAnswer } from '../read-answer.ts';
import { readChangedFiles, readPullRequest } from '../read-pull-request.ts';
import { repositoryPath } from '../repository-path.ts';
import { getHookPayload, listHookDeliveries } from './github-hook-deliveries.ts';
import { putCheck } from './put-check.ts';
import { sendToGitHub } from './send-to-github.ts';

const COMMENT_ID = /^\d{1,20}$/;

export function createGitHubClient(
  entry: ForgeEntry,
  metrics: ForgeHttpOptions['metrics'],
): Required<ForgeClient> {
  const { host } = entry;
  const http = createForgeHttp({ host, metrics, send: sendToGitHub(entry), payerOf: payerOf(entry) });
  const ownLogin = createOwnLogin(entry, http);
  return {
    getPullRequest: (repository, pullRequest) => readPullRequest(http, { host, repository, pullRequest }),
    listChangedFiles: (repository, pullRequest) =>
      readChangedFiles(http, { repository, pullRequest }, 'per_page'),
    permissionOf: (repository, login) => permissionOf(http, repository, login),
    putCheck: (check) => putCheck(http, check),
    putComment: (comment) => putComment({ http, sizeParam: 'per_page', ownLogin }, comment),
    react: async ({ repository, commentId, content }) => {
      if (!COMMENT_ID.test(commentId)) throw new ForgeError('invalid', 'it is not the id of a comment');
      const path = `${repositoryPath(repository)}/issues/comments/${commentId}/reactions`;
      await http.call({ operation: 'react', method: 'POST', path, body: { content } });
    },
    hookDeliveries: {
      list: (hook, cursor) => listHookDeliveries(http, hook, cursor),
      getPayload: (hook, id) => getHookPayload(http, hook, id),
    },
    budget: () => http.budget(),
  };
}

/** Each installation of an App has a budget of its own: there is one per owner. */
function payerOf({ app }: ForgeEntry): (request: ForgeRequest) => string {
  if (app === undefined || app.installationId !== undefined) return () => '';
  return ({ path }) => path.split('/')[2]?.toLowerCase() ?? '';
}

const user = z.object({ login: z.string().min(1) });
const app = z.object({ slug: z.string().min(1) });

/** Asked once: a token's owner, or the App's name with `[bot]`. */
function createOwnLogin(entry: ForgeEntry, http: ForgeHttp): () => Promise<string> {
  let login = entry.botLogin;
  return async () => {
    login ??= await askOwnLogin(entry, http);
    return login;
  };
}

async function askOwnLogin(entry: ForgeEntry, http: ForgeHttp): Promise<string> {
  const ask = { operation: 'get-self', method: 'GET' } as const;
  if (entry.app === undefined) return readAnswer(user, await http.call({ ...ask, path: '/user' })).login;
  return `${readAnswer(app, await http.call({ ...ask, path: '/app' })).slug}[bot]`;
}
