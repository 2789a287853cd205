/** parseGitHubPullRequest: GitHub's event `pull_request` (GitHub docs, "Webhook events and payloads"). */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import type { ForgeEvent, UpdateAction } from '../forge-event.ts';
import { parseDependsOn } from '../parse-depends-on.ts';
import { actionName, longText, originOf, positive, repository, sha } from '../payload-fields.ts';
import { githubPullRequest, isBot, toChange } from './github-pull-request.ts';

/** `changes` tells, with `edited`, what was there before. */
const payloadSchema = z.object({
  action: actionName,
  number: positive,
  repository,
  pull_request: githubPullRequest,
  changes: z.object({ base: z.unknown().optional(), body: z.object({ from: longText }).nullish() }).nullish(),
});

const mergedSchema = z.object({ pull_request: z.object({ merge_commit_sha: sha }) });

type Payload = z.infer<typeof payloadSchema>;

const UPDATES: readonly UpdateAction[] = ['opened', 'synchronize', 'reopened', 'ready_for_review'];

export function parseGitHubPullRequest(payload: unknown): Result<ForgeEvent, z.ZodError> {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return err(parsed.error);
  return parsed.data.action === 'closed' ? toEnd(parsed.data) : ok(toUpdate(parsed.data));
}

function toUpdate(payload: Payload): ForgeEvent {
  const origin = originOf(payload.repository);
  const change = toChange(payload.pull_request, origin);
  const action = UPDATES.find((known) => known === payload.action) ?? editOf(payload);
  if (action === undefined) return { kind: 'ignored', reason: 'action', detail: payload.action, origin };
  return { kind: 'updated', action, change, byBot: isBot(payload.pull_request.user) };
}

/** Only what changes the run counts: another base, or other pull requests that are needed. */
function editOf({ action, changes, pull_request: pullRequest }: Payload): UpdateAction | undefined {
  if (action !== 'edited') return undefined;
  const before = changes?.body?.from;
  const needsOthers = before !== undefined && !sameDependencies(before, pullRequest.body);
  return changes?.base !== undefined || needsOthers ? 'edited' : undefined;
}

function sameDependencies(before: string, after: string): boolean {
  return JSON.stringify(parseDependsOn(before, '')) === JSON.stringify(parseDependsOn(after, ''));
}

function toEnd(payload: Payload): Result<ForgeEvent, z.ZodError> {
  const change = toChange(payload.pull_request, originOf(payload.repository));
  if (payload.pull_request.merged !== true) return ok({ kind: 'closed', action: 'closed', change });
  const merged = mergedSchema.safeParse(payload);
  if (!merged.success) return err(merged.error);
  const mergeSha = merged.data.pull_request.merge_commit_sha;
  return ok({ kind: 'merged', action: 'closed', change, mergeSha });
}
