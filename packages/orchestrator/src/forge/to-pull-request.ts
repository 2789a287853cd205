/** toPullRequest: a forge's answer about a pull request; Gitea's has the same form as GitHub's. */

import type { PullRequest } from './forge-client.ts';
import { isBot, toChange, type GitHubPullRequest } from './github/github-pull-request.ts';
import { sha } from './payload-fields.ts';

export function toPullRequest(
  data: GitHubPullRequest,
  origin: { readonly host: string; readonly repository: string },
): PullRequest {
  const change = toChange(data, origin);
  const mergeSha = sha.safeParse(data.merge_commit_sha);
  const merged = data.merged === true;
  return {
    change,
    state: data.state,
    merged,
    draft: change.draft,
    title: data.title,
    byBot: isBot(data.user),
    body: data.body,
    labels: (data.labels ?? []).map(({ name }) => name),
    // Before the merge it is a trial that the forge made.
    ...(merged && mergeSha.success ? { mergeSha: mergeSha.data } : {}),
  };
}
