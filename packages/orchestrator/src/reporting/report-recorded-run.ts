/** reportRecordedRun: what a change of a run means for its pull request: its proof is kept, and a report is asked for. */

import type { KubeClient } from '@tekton-dag/kube';
import type { RunRow, RunWithEvidence, Store } from '@tekton-dag/store';
import type { Forges } from '../forge/forges.ts';
import type { RecordedRun } from '../runs/record-runs.ts';
import type { ObserveRecord } from '../telemetry/observe-record.ts';
import { keepEvidence } from './keep-evidence.ts';

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

/** Rejects with what the API or the store says; doing it again changes nothing. */
export async function reportRecordedRun(
  context: RunReportContext & { readonly observeRecord: ObserveRecord },
  { run, row, before }: RecordedRun,
): Promise<void> {
  const hasEnded = row.finishedAtMs !== undefined || row.state === 'succeeded' || row.state === 'failed';
  if (run !== undefined && hasEnded) await keepEvidence(context, run);
  if (before?.state !== row.state || before.reason !== row.reason) await requestRunReport(context, row);
}

/** What changed in the last moments before the process died may not have been asked for. */
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
  { host, repository, pullRequest, sha, finishedAtMs }: RunRow | RunWithEvidence,
): Promise<void> {
  if (pullRequest === undefined || host === '' || forges.clientFor(host) === undefined) return;
  await store.reports.request(
    { host, repository, pullRequest },
    { headSha: sha, nowMs: Date.now(), spacingMs: finishedAtMs === undefined ? SPACING_MS : 0 },
  );
}
