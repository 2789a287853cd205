/** Reads the GitHub events that matter to us; everything else of a payload is left alone. */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import type { Change } from '../change.ts';
import type { ForgeEvent } from '../forge-event.ts';

export interface PayloadProblem {
  readonly reason: 'payload-not-json' | 'payload-invalid';
  readonly message: string;
}

/** The events that a repository's webhook must deliver; every other one is ignored. */
export const GITHUB_EVENTS: readonly string[] = ['pull_request'];

const FULL_NAME = /^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/;
const SHA = /^(?!0+$)(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** Above any branch name that git can keep as a file. */
const MAX_REF_LENGTH = 1024;

/** Bytes that are not UTF-8 are refused, never replaced. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

const sha = z.string().regex(SHA, 'must be a commit id');
const repository = z.object({
  full_name: z.string().regex(FULL_NAME, 'must be owner/name'),
  html_url: z.url({ protocol: /^https?$/ }).max(2048),
});

/** GitHub docs, "Webhook events and payloads", `pull_request`; only what we read. */
const pullRequestPayload = z.object({
  action: z.string().max(64),
  number: z.number().int().positive().max(2_147_483_647),
  repository,
  pull_request: z.object({
    merged: z.boolean().nullish(),
    merge_commit_sha: z.string().nullish(),
    updated_at: z.iso.datetime({ offset: true }),
    user: z.object({ login: z.string().max(255) }).nullish(),
    head: z.object({ sha, repo: z.object({ full_name: z.string() }).nullish() }),
    base: z.object({ ref: z.string().min(1).max(MAX_REF_LENGTH) }),
  }),
});

type PullRequestPayload = z.infer<typeof pullRequestPayload>;

/** `event` is the header `X-GitHub-Event`; `body` the verified bytes. */
export function parseGitHubEvent(event: string, body: Uint8Array): Result<ForgeEvent, PayloadProblem> {
  const json = parseJson(body);
  if (!json.ok) return json;
  if (!GITHUB_EVENTS.includes(event)) return ok({ kind: 'ignored', reason: 'event', detail: event });
  const payload = pullRequestPayload.safeParse(json.value);
  if (!payload.success) return err({ reason: 'payload-invalid', message: z.prettifyError(payload.error) });
  return toEvent(payload.data);
}

function parseJson(body: Uint8Array): Result<unknown, PayloadProblem> {
  try {
    return ok(JSON.parse(strictUtf8.decode(body)));
  } catch {
    return err({ reason: 'payload-not-json', message: 'the body is not JSON in UTF-8' });
  }
}

function toEvent(payload: PullRequestPayload): Result<ForgeEvent, PayloadProblem> {
  const change = toChange(payload);
  const { action } = payload;
  if (action === 'opened' || action === 'synchronize' || action === 'reopened') {
    return ok({ kind: 'updated', action, change });
  }
  if (action !== 'closed') return ok({ kind: 'ignored', reason: 'action', detail: action });
  if (payload.pull_request.merged !== true) return ok({ kind: 'closed', action, change });
  const mergeSha = sha.safeParse(payload.pull_request.merge_commit_sha);
  if (mergeSha.success) return ok({ kind: 'merged', action, change, mergeSha: mergeSha.data });
  return err({ reason: 'payload-invalid', message: 'a merged pull request must have a merge_commit_sha' });
}

function toChange({ number, repository, pull_request: pullRequest }: PullRequestPayload): Change {
  const headRepository = pullRequest.head.repo?.full_name ?? '';
  return {
    host: new URL(repository.html_url).host.toLowerCase(),
    repository: repository.full_name,
    pullRequest: number,
    headSha: pullRequest.head.sha,
    baseRef: pullRequest.base.ref,
    author: pullRequest.user?.login ?? '',
    // A deleted head repository counts as a fork: nobody can say whose commits these are.
    fromFork: headRepository.toLowerCase() !== repository.full_name.toLowerCase(),
    updatedAtMs: Date.parse(pullRequest.updated_at),
  };
}
