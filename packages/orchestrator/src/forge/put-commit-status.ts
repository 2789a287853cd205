/** putCommitStatus: a check as a commit status, where a forge has or gives us no check runs; both forges spell it alike. */

import { z } from 'zod';
import type { CheckReport } from './forge-client.ts';
import { ForgeError } from './forge-error.ts';
import type { ForgeHttp } from './forge-http.ts';
import { readAnswer } from './read-answer.ts';
import { repositoryPath } from './repository-path.ts';

const SHA = /^[0-9a-f]{40,64}$/;
/** GitHub docs, "Commit statuses"; Gitea takes more. */
const MAX_DESCRIPTION_LENGTH = 140;

const commitStatus = z.object({ id: z.number().int().positive() });

/** The newest status of a context is the one that counts, so there is nothing to update. */
export async function putCommitStatus(
  http: ForgeHttp,
  { repository, headSha, name, title, detailsUrl, ...check }: CheckReport,
): Promise<{ readonly id: string }> {
  if (!SHA.test(headSha)) throw new ForgeError('invalid', 'it is not a commit');
  const path = `${repositoryPath(repository)}/statuses/${headSha}`;
  const body = {
    context: name,
    state: stateOf(check),
    description: Array.from(title).slice(0, MAX_DESCRIPTION_LENGTH).join(''),
    ...(detailsUrl === undefined ? {} : { target_url: detailsUrl }),
  };
  const answer = await http.call({ operation: 'create-status', method: 'POST', path, body });
  return { id: String(readAnswer(commitStatus, answer).id) };
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

function stateOf({ status, conclusion }: Pick<CheckReport, 'status' | 'conclusion'>): string {
  return status !== 'completed' || conclusion === undefined ? 'pending' : STATES[conclusion];
}
