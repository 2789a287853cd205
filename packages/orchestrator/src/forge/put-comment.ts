/** putComment: writes our one comment of a pull request; GitHub and Gitea spell the calls alike. */

import { z } from 'zod';
import type { CommentReport } from './forge-client.ts';
import { ForgeError } from './forge-error.ts';
import type { ForgeHttp } from './forge-http.ts';
import { pagesOf } from './pages-of.ts';
import { readAnswer } from './read-answer.ts';
import { repositoryPath } from './repository-path.ts';

const comment = z.object({
  id: z.number().int().positive(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

export interface CommentPlace {
  readonly http: ForgeHttp;
  readonly sizeParam: 'per_page' | 'limit';
  /** The login that our comments bear. */
  readonly ownLogin: () => Promise<string>;
}

/** Ours would be among the first; a conversation of thousands is not read to its end. */
const MAX_COMMENT_PAGES = 10;

export async function putComment(
  place: CommentPlace,
  report: CommentReport,
): Promise<{ readonly id: string }> {
  const id = report.id ?? (await findOwn(place, report));
  if (id !== undefined) {
    const updated = await update(place, report, id);
    if (updated !== undefined) return updated;
  }
  const path = `${repositoryPath(report.repository)}/issues/${report.pullRequest}/comments`;
  const body = { body: report.body };
  const created = await place.http.call({ operation: 'create-comment', method: 'POST', path, body });
  return { id: String(readAnswer(comment, created).id) };
}

/** Undefined where somebody deleted it. */
async function update(
  { http }: CommentPlace,
  { repository, body }: CommentReport,
  id: string,
): Promise<{ readonly id: string } | undefined> {
  const path = `${repositoryPath(repository)}/issues/comments/${encodeURIComponent(id)}`;
  try {
    await http.call({ operation: 'update-comment', method: 'PATCH', path, body: { body } });
    return { id };
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return undefined;
    throw error;
  }
}

/** Somebody else's comment with our marker is not ours. */
async function findOwn(
  { http, sizeParam, ownLogin }: CommentPlace,
  { repository, pullRequest, marker }: CommentReport,
): Promise<string | undefined> {
  const path = `${repositoryPath(repository)}/issues/${pullRequest}/comments`;
  const comments = await pagesOf(http, { operation: 'list-comments', method: 'GET', path }, comment, {
    sizeParam,
    maxPages: MAX_COMMENT_PAGES,
  });
  const marked = comments.filter(({ body }) => body?.includes(marker) === true);
  if (marked.length === 0) return undefined;
  const self = (await ownLogin()).toLowerCase();
  return marked.find(({ user }) => user?.login.toLowerCase() === self)?.id.toString();
}
