/** rerunDependents: tests again the pull requests that need one that has changed. */

import type { Delivery, PullRequestRow, Store } from '@tekton-dag/store';
import { targetsOfPullRequest } from '../deliveries/targets-of-change.ts';
import type { Change } from '../forge/change.ts';
import { countAttempts } from './count-attempts.ts';
import type { RunContext } from './run-context.ts';
import { testChange } from './test-change.ts';

/** A needs B needs C: so far and no further. */
const MAX_DEPTH = 10;
const MAX_DEPENDENTS = 50;

/** Those of those too; circles are fine. Held ones, drafts and forks wait for a word of their own. */
export async function rerunDependents(
  context: RunContext,
  delivery: Delivery,
  change: Change,
): Promise<void> {
  for (const row of await findDependents(context.store, change)) {
    if (row.hold !== undefined || row.draft || row.fromFork) continue;
    await testDependent(context, delivery, row, change);
  }
}

async function findDependents(
  { pullRequests }: Pick<Store, 'pullRequests'>,
  { host, repository, pullRequest }: Change,
): Promise<readonly PullRequestRow[]> {
  const found = new Map<string, PullRequestRow>();
  const origin = { host, repository, number: pullRequest };
  let level: readonly Pick<PullRequestRow, 'host' | 'repository' | 'number'>[] = [origin];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0 && found.size < MAX_DEPENDENTS; depth += 1) {
    const rows = (await Promise.all(level.map((key) => pullRequests.dependentsOf(key)))).flat();
    const fresh = rows.filter((row) => keyOf(row) !== keyOf(origin) && !found.has(keyOf(row)));
    for (const row of fresh) found.set(keyOf(row), row);
    level = fresh;
  }
  return [...found.values()];
}

/** The name of the run comes from the dependency's change: the same push twice is one run. */
async function testDependent(
  context: RunContext,
  delivery: Delivery,
  row: PullRequestRow,
  cause: Change,
): Promise<void> {
  const { number: pullRequest, dependsOn, host } = row;
  const change: Change = {
    ...row,
    pullRequest,
    dependsOn: dependsOn.map(({ repository, number }) => ({ host, repository, pullRequest: number })),
  };
  const attempt = Math.max(2, Math.floor(cause.updatedAtMs / 1_000));
  const run = { mode: 'pr', sha: row.headSha, attempt } as const;
  const targets = targetsOfPullRequest(context.snapshot().routes, change, run);
  if (targets.length === 0) return;
  await testChange(context, {
    change,
    sha: row.headSha,
    targets,
    trusted: true,
    isFirst: false,
    attempt: await countAttempts(context.store, { change, sha: row.headSha }),
    delivery: delivery.id,
    ...(delivery.traceparent === '' ? {} : { traceparent: delivery.traceparent }),
    patientUntilMs: 0,
  });
}

function keyOf({ host, repository, number }: Pick<PullRequestRow, 'host' | 'repository' | 'number'>): string {
  return `${host}/${repository}#${number}`.toLowerCase();
}
