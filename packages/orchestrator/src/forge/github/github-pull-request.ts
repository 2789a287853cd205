/** A pull request as GitHub's payloads and its REST API have it (GitHub docs, "Get a pull request"); only what we read. */

import { z } from 'zod';
import type { Change } from '../change.ts';
import { parseDependsOn } from '../parse-depends-on.ts';
import { longText, positive, ref, sha, time, title } from '../payload-fields.ts';

const user = z.object({ login: z.string().max(255), type: z.string().max(64).nullish() }).nullish();

export const githubPullRequest = z.object({
  number: positive,
  state: z.enum(['open', 'closed']),
  title,
  body: longText,
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merge_commit_sha: z.string().nullish(),
  updated_at: time,
  user,
  labels: z.array(z.object({ name: z.string().max(255) })).nullish(),
  head: z.object({ sha, repo: z.object({ full_name: z.string() }).nullish() }),
  base: z.object({ ref }),
});

export type GitHubPullRequest = z.infer<typeof githubPullRequest>;

/** `origin` is the repository that the pull request is for. */
export function toChange(
  pullRequest: GitHubPullRequest,
  origin: { readonly host: string; readonly repository: string },
): Change {
  const headRepository = pullRequest.head.repo?.full_name ?? '';
  return {
    ...origin,
    pullRequest: pullRequest.number,
    headSha: pullRequest.head.sha,
    baseRef: pullRequest.base.ref,
    author: pullRequest.user?.login ?? '',
    title: pullRequest.title,
    draft: pullRequest.draft === true,
    // A deleted head repository counts as a fork: nobody can say whose commits these are.
    fromFork: headRepository.toLowerCase() !== origin.repository.toLowerCase(),
    dependsOn: parseDependsOn(pullRequest.body, origin.host),
    updatedAtMs: Date.parse(pullRequest.updated_at),
  };
}

/** GitHub Apps act as users of type `Bot`, whose logins end in `[bot]`. */
export function isBot(who: z.infer<typeof user>): boolean {
  return who?.type === 'Bot' || (who?.login.endsWith('[bot]') ?? false);
}
