/** Reads the Gitea events that matter to us. Gitea's payloads follow GitHub's; where they differ they are translated first. */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import type { ForgeEvent } from '../forge-event.ts';
import { parseGitHubComment } from '../github/parse-github-comment.ts';
import { parseGitHubPullRequest } from '../github/parse-github-pull-request.ts';
import { parseJson } from '../parse-json.ts';
import { readOrigin } from '../payload-fields.ts';
import type { PayloadProblem } from '../payload-problem.ts';
import { pushEvent } from '../push-event.ts';

type PayloadParser = (payload: unknown) => Result<ForgeEvent, z.ZodError>;

const PARSERS: ReadonlyMap<string, PayloadParser> = new Map([
  ['pull_request', (payload: unknown) => parseGitHubPullRequest(translatePullRequest(payload))],
  ['issue_comment', parseGitHubComment],
  ['pull_request_comment', parseGitHubComment],
  ['push', pushEvent],
]);

/** Only what is spelled otherwise than by GitHub; what is absent stays absent. */
const differences = z.looseObject({
  action: z.string().optional(),
  changes: z.looseObject({ ref: z.unknown().optional() }).nullish(),
});

/** `event` is the header `X-Gitea-Event`; `body` the verified bytes. */
export function parseGiteaEvent(event: string, body: Uint8Array): Result<ForgeEvent, PayloadProblem> {
  const json = parseJson(body);
  if (!json.ok) return json;
  const parse = PARSERS.get(event);
  if (parse === undefined) {
    const origin = readOrigin(json.value);
    return ok({
      kind: 'ignored',
      reason: 'event',
      detail: event,
      ...(origin === undefined ? {} : { origin }),
    });
  }
  const parsed = parse(json.value);
  return parsed.ok ? parsed : err({ reason: 'payload-invalid', message: z.prettifyError(parsed.error) });
}

function translatePullRequest(payload: unknown): unknown {
  const parsed = differences.safeParse(payload);
  if (!parsed.success) return payload;
  const { action, changes, ...rest } = parsed.data;
  return {
    ...rest,
    action: action === 'synchronized' ? 'synchronize' : action,
    ...(changes === undefined || changes === null ? {} : { changes: { ...changes, base: changes.ref } }),
  };
}
