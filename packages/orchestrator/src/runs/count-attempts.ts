/** countAttempts: which run of a commit the next one is, as people count. */

import type { Store } from '@tekton-dag/store';
import type { Change } from '../forge/change.ts';

/** From 1; over all teams, because they see one pull request. */
export async function countAttempts(
  { runs }: Pick<Store, 'runs'>,
  {
    change,
    sha,
  }: { readonly change: Pick<Change, 'host' | 'repository' | 'pullRequest'>; readonly sha: string },
): Promise<number> {
  const { repository, pullRequest } = change;
  const known = await runs.listOfPullRequest({ repository, pullRequest });
  const attempts = known.filter((run) => run.sha === sha).map(({ attempt }) => attempt);
  return Math.max(0, ...attempts) + 1;
}
