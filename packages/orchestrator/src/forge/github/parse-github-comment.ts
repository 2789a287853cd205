/** parseGitHubComment: GitHub's event `issue_comment` (GitHub docs, "Webhook events and payloads"). */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import type { ForgeEvent } from '../forge-event.ts';
import { actionName, longText, originOf, positive, repository, time } from '../payload-fields.ts';
import { isBot } from './github-pull-request.ts';

/** An issue with `pull_request` is a pull request. */
const payloadSchema = z.object({
  action: actionName,
  repository,
  issue: z.object({ number: positive, pull_request: z.unknown().optional() }),
  comment: z.object({
    id: z.number().int().positive(),
    body: longText,
    updated_at: time,
    user: z.object({ login: z.string().max(255), type: z.string().max(64).nullish() }).nullish(),
  }),
});

/** Comments that are changed later do not count: who allowed what must stand where it was read. */
export function parseGitHubComment(payload: unknown): Result<ForgeEvent, z.ZodError> {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return err(parsed.error);
  const { action, issue, comment } = parsed.data;
  const origin = originOf(parsed.data.repository);
  if (action !== 'created') return ok({ kind: 'ignored', reason: 'action', detail: action, origin });
  if (issue.pull_request === undefined || issue.pull_request === null) {
    return ok({ kind: 'ignored', reason: 'comment', detail: 'it is on an issue', origin });
  }
  const author = comment.user?.login ?? '';
  if (isBot(comment.user)) return ok({ kind: 'ignored', reason: 'bot', detail: author, origin });
  const { body, updated_at: updatedAt } = comment;
  const command = {
    ...origin,
    pullRequest: issue.number,
    commentId: String(comment.id),
    author,
    body,
    updatedAtMs: Date.parse(updatedAt),
  };
  return ok({ kind: 'command', action, command });
}
