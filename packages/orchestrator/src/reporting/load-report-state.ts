/** loadReportState: reads from the store what a report is made from. */

import { sessionOf, type Stack } from '@tekton-dag/model';
import type { ReportRow, RunWithEvidence, Store } from '@tekton-dag/store';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { listQueue } from './list-queue.ts';
import type { ReportState, SessionHeader } from './report-state.ts';

/** Newest first: enough for every stack of a commit, and for the last command. */
const MAX_RUNS = 60;
const MAX_DELIVERIES = 40;

export interface ReportSources {
  readonly store: Store;
  readonly snapshot: () => Pick<PlatformSnapshot, 'stacks'>;
  readonly publicUrl: string | undefined;
  readonly reportName: string;
}

export async function loadReportState(
  { store, snapshot, publicUrl, reportName }: ReportSources,
  {
    host,
    repository,
    pullRequest,
    commentId,
  }: Pick<ReportRow, 'host' | 'repository' | 'pullRequest' | 'commentId'>,
): Promise<ReportState> {
  const [row, runs, deliveries] = await Promise.all([
    store.pullRequests.get({ host, repository, number: pullRequest }),
    store.runs.listOfPullRequest({ host, repository, pullRequest, limit: MAX_RUNS }),
    store.deliveries.listOfSubject(`${host}/${repository}#${pullRequest}`, MAX_DELIVERIES),
  ]);
  const ahead = await countAhead(store, runs);
  const sessions = sessionsOf(runs, snapshot().stacks);
  return {
    host,
    repository,
    number: pullRequest,
    pullRequest: row,
    runs,
    deliveries,
    ahead,
    sessions,
    hasComment: commentId !== undefined,
    publicUrl,
    reportName,
  };
}

function sessionsOf(
  runs: readonly RunWithEvidence[],
  stacks: PlatformSnapshot['stacks'],
): ReadonlyMap<string, SessionHeader> {
  const named = new Map([...stacks.values()].map((stack) => [stack.name, stack]));
  const open = runs.filter(({ state, mode }) => state === 'running' && mode !== 'merge');
  return new Map(open.flatMap((run) => sessionOfRun(run, named.get(run.stack))));
}

function sessionOfRun(
  { name, host, repository, pullRequest, team, stack }: RunWithEvidence,
  loaded: Stack | undefined,
): readonly (readonly [string, SessionHeader])[] {
  if (loaded === undefined || pullRequest === undefined) return [];
  const value = sessionOf({ host, repository, pullRequest, team, stack });
  return [[name, { name: loaded.propagation.headerName, value }]];
}

async function countAhead(
  store: Store,
  runs: readonly RunWithEvidence[],
): Promise<ReadonlyMap<string, number>> {
  const waiting = runs.filter(({ state }) => state === 'pending');
  const teams = [...new Set(waiting.map(({ team }) => team))];
  const counts = new Map<string, number>();
  for (const team of teams) {
    const queue = (await listQueue(store, team)) ?? [];
    if (queue.length === 0) continue;
    for (const run of waiting.filter((each) => each.team === team)) {
      counts.set(run.name, queue.filter(({ createdAtMs }) => createdAtMs < run.createdAtMs).length);
    }
  }
  return counts;
}
