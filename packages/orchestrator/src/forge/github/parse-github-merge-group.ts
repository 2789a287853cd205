/** parseGitHubMergeGroup: GitHub's event `merge_group`: a merge queue wants to know whether its commit is good. */

import { err, ok, type Result } from '@tekton-dag/model';
import { z } from 'zod';
import type { ForgeEvent } from '../forge-event.ts';
import { actionName, originOf, ref, repository, sha, time } from '../payload-fields.ts';

const payloadSchema = z.object({
  action: actionName,
  repository,
  merge_group: z.object({
    head_sha: sha,
    head_ref: ref,
    base_ref: ref,
    head_commit: z.object({ timestamp: time }),
  }),
});

/** `refs/heads/gh-readonly-queue/<base>/pr-<number>-<sha>`. */
const QUEUE_REF = /^refs\/heads\/gh-readonly-queue\/.+\/pr-([1-9]\d{0,8})-[0-9a-f]{40,64}$/;

/** The commit is the repository's own: who may queue may write. */
export function parseGitHubMergeGroup(payload: unknown): Result<ForgeEvent, z.ZodError> {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return err(parsed.error);
  const { action, merge_group: group } = parsed.data;
  const origin = originOf(parsed.data.repository);
  const number = QUEUE_REF.exec(group.head_ref)?.[1];
  if (action !== 'checks_requested' || number === undefined) {
    return ok({ kind: 'ignored', reason: 'action', detail: action, origin });
  }
  const change = {
    ...origin,
    pullRequest: Number(number),
    headSha: group.head_sha,
    baseRef: group.base_ref.replace(/^refs\/heads\//, ''),
    author: '',
    title: '',
    draft: false,
    fromFork: false,
    dependsOn: [],
    updatedAtMs: Date.parse(group.head_commit.timestamp),
  };
  return ok({ kind: 'updated', action, change, byBot: false });
}
