/** What a change of a run means for its pull request: its proof is kept, and a report is asked for. */

import type { KubeClient } from '@tekton-dag/kube';
import type { RunRow, Store } from '@tekton-dag/store';
import type { Forges } from '../forge/forges.ts';
import type { RecordedRun } from '../runs/record-runs.ts';
import { listQueue } from './list-queue.ts';
import { keepEvidence, type EvidenceContext } from './keep-evidence.ts';

export interface RunReportContext {
  readonly client: KubeClient;
  readonly store: Pick<Store, 'runs' | 'reports'>;
  readonly forges: Forges;
}

/** Between two updates of a pull request that are not the last word. */
const SPACING_MS = 5_000;
/** Between two updates that tell no more than a new place in the queue. */
const QUEUE_SPACING_MS = 60_000;
/** Runs whose place is told anew when one leaves the queue of a team. */
const MAX_MOVING = 20;
/** Runs that ended before are shown, or nobody waits for it. */
const RECENT_MS = 3_600_000;
const MAX_RECENT = 500;

/**
 * Takes each run that was recorded. Rejects with what the API or the store says; it is then to be called again, and does
 * what it owes.
 */
export function createRunReports(
  context: RunReportContext & EvidenceContext,
): (recorded: RecordedRun) => Promise<void> {
  const owed = new Set<string>();
  const settle = async ({ row, before }: RecordedRun): Promise<void> => {
    await requestRunReport(context, row);
    if (before?.state === 'pending' && row.state !== 'pending') await requestQueueReports(context, row);
    owed.delete(keyOf(row));
  };
  return async (recorded) => {
    const { row, before } = recorded;
    if (before?.state !== row.state || before.reason !== row.reason) owed.add(keyOf(row));
    if (owed.has(keyOf(row))) await settle(recorded);
    if (!(await keepProof(context, recorded))) return;
    owed.add(keyOf(row));
    await settle(recorded);
  };
}

/** True when there is more to show than before. */
async function keepProof(context: EvidenceContext, { run, row }: RecordedRun): Promise<boolean> {
  const isOpen = row.state === 'pending' || row.state === 'running';
  return run !== undefined && !isOpen && (await keepEvidence(context, run));
}

function keyOf({ namespace, name }: RunRow): string {
  return `${namespace}/${name}`;
}

/** Those that move up. The first few, not often, and only while the forge has plenty left for what matters more. */
async function requestQueueReports(context: RunReportContext, left: RunRow): Promise<void> {
  const { store, forges } = context;
  const budget = forges.clientFor(left.host)?.budget();
  if (budget === undefined || budget.remaining < budget.limit / 2) return;
  const queue = (await listQueue(store, left.team)) ?? [];
  for (const row of queue.slice(0, MAX_MOVING)) await requestRunReport(context, row, QUEUE_SPACING_MS);
}

/** For whoever takes the history over: what changed in the last moments of the one before may not have been asked for. */
export async function requestMissedReports(context: RunReportContext): Promise<void> {
  const { items } = await context.store.runs.list({
    states: ['succeeded', 'failed', 'cancelled'],
    limit: MAX_RECENT,
  });
  const recent = items.filter(({ finishedAtMs = 0 }) => finishedAtMs > Date.now() - RECENT_MS);
  for (const row of [...recent, ...(await context.store.runs.listOpen())]) {
    await requestRunReport(context, row);
  }
}

/** Does nothing for runs of no pull request, and where there is nobody to tell. */
async function requestRunReport(
  { store, forges }: RunReportContext,
  { host, repository, pullRequest, sha, finishedAtMs }: RunRow,
  spacingMs = finishedAtMs === undefined ? SPACING_MS : 0,
): Promise<void> {
  if (pullRequest === undefined || host === '' || forges.clientFor(host) === undefined) return;
  await store.reports.request(
    { host, repository, pullRequest },
    { headSha: sha, nowMs: Date.now(), spacingMs },
  );
}
