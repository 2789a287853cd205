/** pruneAccessRecords: keeps the audit log within its age, and idempotency keys for a day. */

import { sleep } from '@tekton-dag/kube';
import type { Store } from '@tekton-dag/store';

/** A caller that repeats a request does so within minutes. */
const KEYS_KEPT_MS = 86_400_000;
const EVERY_MS = 3_600_000;
const BATCH = 500;
/** Between two batches: others need the database too. */
const BETWEEN_MS = 50;

/** Ends when `signal` aborts. Rejects with a StoreError. */
export async function pruneAccessRecords(
  { audit, idempotency }: Pick<Store, 'audit' | 'idempotency'>,
  { auditRetentionMs }: { readonly auditRetentionMs: number },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const now = Date.now();
    await pruneAll((limit) => audit.prune({ olderThanMs: now - auditRetentionMs, limit }), signal);
    await pruneAll((limit) => idempotency.prune({ olderThanMs: now - KEYS_KEPT_MS, limit }), signal);
    await sleep(EVERY_MS, signal);
  }
}

async function pruneAll(prune: (limit: number) => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await prune(BATCH)) === BATCH) await sleep(BETWEEN_MS, signal);
}
