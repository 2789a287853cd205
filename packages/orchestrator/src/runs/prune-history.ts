/** pruneHistory: keeps the history of runs and pull requests within its age and number. */

import type { Store } from '@tekton-dag/store';
import { setTimeout as pause } from 'node:timers/promises';
import { sleep } from '@tekton-dag/kube';

export interface HistoryLimits {
  readonly runRetentionMs: number;
  readonly maxKeptRuns: number;
}

const EVERY_MS = 3_600_000;
const BATCH = 500;
/** Between two batches: others need the database too. */
const BETWEEN_MS = 50;

/** Ends when `signal` aborts. Rejects with a StoreError. */
export async function pruneHistory(
  store: Pick<Store, 'runs' | 'pullRequests' | 'reports'>,
  { runRetentionMs, maxKeptRuns }: HistoryLimits,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const olderThanMs = Date.now() - runRetentionMs;
    const old = { olderThanMs, limit: BATCH };
    await untilNoneIsLeft(() => store.runs.prune({ ...old, keepAtMost: maxKeptRuns }), signal);
    await untilNoneIsLeft(() => store.pullRequests.prune(old), signal);
    await untilNoneIsLeft(() => store.reports.prune(old), signal);
    await sleep(EVERY_MS, signal);
  }
}

async function untilNoneIsLeft(prune: () => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await prune()) === BATCH) await pause(BETWEEN_MS);
}
