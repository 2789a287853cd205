/** requestRunReport: a run has changed, so its pull request is to show something new. */

import type { RunRow, Store } from '@tekton-dag/store';
import type { Forges } from '../forge/forges.ts';

/** Between two updates of a pull request that are not the last word. */
const SPACING_MS = 5_000;

/** Does nothing for runs of no pull request, and where there is nobody to tell. */
export async function requestRunReport(
  { store, forges }: { readonly store: Pick<Store, 'reports'>; readonly forges: Forges },
  { host, repository, pullRequest, sha, finishedAtMs }: RunRow,
): Promise<void> {
  if (pullRequest === undefined || host === '' || forges.clientFor(host) === undefined) return;
  await store.reports.request(
    { host, repository, pullRequest },
    { headSha: sha, nowMs: Date.now(), spacingMs: finishedAtMs === undefined ? SPACING_MS : 0 },
  );
}
