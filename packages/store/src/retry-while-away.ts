/** retryWhileAway: a database that restarts is back in seconds; whoever asked need not learn of it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from './store-error.ts';

/** Below the ten seconds after which GitHub takes a webhook for failed. */
const PATIENCE_MS = 6_000;
const PAUSE_MS = 100;

/**
 * Runs `work` again while it rejects with `STORE_UNAVAILABLE`, for six seconds; then rejects with that. It may run more
 * than once although it succeeded the first time: the answer can get lost, too.
 */
export async function retryWhileAway<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof StoreError && error.code === 'STORE_UNAVAILABLE';
      if (!isAway || performance.now() > deadline) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
