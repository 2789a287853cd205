/** pruneDeliveries: deletes finished deliveries by age and count, and payloads before that. */

import { sleep } from '@tekton-dag/kube';
import type { DeliveryStore } from '@tekton-dag/store';
import type { DeliveryRetention } from '../config/forge-settings.ts';

const BATCH = 500;
/** Lets arrivals in between. */
const BETWEEN_MS = 20;
const DAY_MS = 24 * 3_600_000;

/** Tells how many were deleted. Rejects with a `StoreError`. */
export async function pruneDeliveries(
  deliveries: Pick<DeliveryStore, 'prune' | 'prunePayloads'>,
  { maxAgeDays, maxCount, payloadMaxAgeDays }: DeliveryRetention,
  signal: AbortSignal,
): Promise<number> {
  const nowMs = Date.now();
  const payloadsBeforeMs = nowMs - payloadMaxAgeDays * DAY_MS;
  const olderThanMs = nowMs - maxAgeDays * DAY_MS;
  await repeat(() => deliveries.prunePayloads({ olderThanMs: payloadsBeforeMs, limit: BATCH }), signal);
  const count = maxCount === 0 ? {} : { keepAtMost: maxCount };
  return repeat(() => deliveries.prune({ olderThanMs, ...count, limit: BATCH }), signal);
}

async function repeat(step: () => Promise<number>, signal: AbortSignal): Promise<number> {
  let total = 0;
  for (let count = BATCH; count >= BATCH && !signal.aborted;) {
    count = await step();
    total += count;
    if (count >= BATCH) await sleep(BETWEEN_MS, signal);
  }
  return total;
}
