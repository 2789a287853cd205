/** loadReportState: reads from the store what a report is made from. */

import type { ReportKey, RunWithEvidence, Store } from '@tekton-dag/store';
import type { ReportState } from './report-state.ts';

/** Newest first: enough for every stack of a commit, and for the last command. */
const MAX_RUNS = 60;
const MAX_DELIVERIES = 40;
/** Queues that are longer are told without a number. */
const MAX_QUEUE = 200;

export async function loadReportState(
  store: Store,
  { host, repository, pullRequest }: ReportKey,
  publicUrl: string | undefined,
): Promise<ReportState> {
  const [row, runs, deliveries] = await Promise.all([
    store.pullRequests.get({ host, repository, number: pullRequest }),
    store.runs.listOfPullRequest({ host, repository, pullRequest, limit: MAX_RUNS }),
    store.deliveries.listOfSubject(`${host}/${repository}#${pullRequest}`, MAX_DELIVERIES),
  ]);
  const ahead = await countAhead(store, runs);
  return { host, repository, number: pullRequest, pullRequest: row, runs, deliveries, ahead, publicUrl };
}

async function countAhead(
  store: Store,
  runs: readonly RunWithEvidence[],
): Promise<ReadonlyMap<string, number>> {
  const waiting = runs.filter(({ state }) => state === 'pending');
  const teams = [...new Set(waiting.map(({ team }) => team))];
  const counts = new Map<string, number>();
  for (const team of teams) {
    const { items, next } = await store.runs.list({ team, states: ['pending'], limit: MAX_QUEUE });
    if (next !== undefined) continue;
    for (const run of waiting.filter((each) => each.team === team)) {
      counts.set(run.name, items.filter(({ createdAtMs }) => createdAtMs < run.createdAtMs).length);
    }
  }
  return counts;
}
