/** pause: waits, at most until the signal. */

import { setTimeout as sleep } from 'node:timers/promises';

export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  await sleep(delayMs, undefined, { signal }).catch(() => {});
}
