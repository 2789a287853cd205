/** Reads the GitHub events that matter to us; everything else of a payload is left alone. */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import type { ForgeEvent } from '../forge-event.ts';
import { parseJson } from '../parse-json.ts';
import { pushEvent } from '../push-event.ts';
import { readOrigin } from '../payload-fields.ts';
import type { PayloadProblem } from '../payload-problem.ts';
import { parseGitHubComment } from './parse-github-comment.ts';
import { parseGitHubMergeGroup } from './parse-github-merge-group.ts';
import { parseGitHubPullRequest } from './parse-github-pull-request.ts';

type PayloadParser = (payload: unknown) => Result<ForgeEvent, z.ZodError>;

const PARSERS: ReadonlyMap<string, PayloadParser> = new Map([
  ['pull_request', parseGitHubPullRequest],
  ['issue_comment', parseGitHubComment],
  ['merge_group', parseGitHubMergeGroup],
  ['push', pushEvent],
]);

/** The events that a webhook should deliver. Of a push we only say why it makes nothing; every other one is ignored. */
export const GITHUB_EVENTS: readonly string[] = ['pull_request', 'issue_comment', 'merge_group'];

/** `event` is the header `X-GitHub-Event`; `body` the verified bytes. */
export function parseGitHubEvent(event: string, body: Uint8Array): Result<ForgeEvent, PayloadProblem> {
  const json = parseJson(body);
  if (!json.ok) return json;
  const parse = PARSERS.get(event);
  if (parse === undefined) return ok(ignoredEvent(event, json.value));
  const parsed = parse(json.value);
  return parsed.ok ? parsed : err({ reason: 'payload-invalid', message: z.prettifyError(parsed.error) });
}

function ignoredEvent(event: string, payload: unknown): ForgeEvent {
  const origin = readOrigin(payload);
  return { kind: 'ignored', reason: 'event', detail: event, ...(origin === undefined ? {} : { origin }) };
}
