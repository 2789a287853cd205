/** What a change of a run means for its pull request: its proof is kept, and a report is asked for. */

import type { KubeClient } from '@tekton-dag/kube';
import type { RunRow, Store } from '@tekton-dag/store';
import type { Forges } from '../forge/forges.ts';
import type { RecordedRun } from '../runs/record-runs.ts';
import { keepEvidence, type EvidenceContext } from './keep-evidence.ts';

export interface RunReportContext {
  readonly client: KubeClient;
  readonly store: Pick<Store, 'runs' | 'reports'>;
  readonly forges: Forges;
}

/** Between two updates of a pull request that are not the last word. */
const SPACING_MS = 5_000;
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
  return async ({ run, row, before }) => {
    const key = `${row.namespace}/${row.name}`;
    const hasChanged = before?.state !== row.state || before.reason !== row.reason;
    if (hasChanged) owed.add(key);
    const hasEnded = row.state !== 'pending' && row.state !== 'running';
    if (run !== undefined && hasEnded && (await keepEvidence(context, run))) owed.add(key);
    if (!owed.has(key)) return;
    await requestRunReport(context, row);
    owed.delete(key);
  };
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
): Promise<void> {
  if (pullRequest === undefined || host === '' || forges.clientFor(host) === undefined) return;
  await store.reports.request(
    { host, repository, pullRequest },
    { headSha: sha, nowMs: Date.now(), spacingMs: finishedAtMs === undefined ? SPACING_MS : 0 },
  );
}
