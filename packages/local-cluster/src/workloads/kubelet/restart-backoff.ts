/** How long a container waits before it is started again: not at all the first time, then 10 s, 20 s ... 5 min. */

const FIRST_DELAY_MS = 10_000;
const MAX_DELAY_MS = 300_000;
/** A container that ran this long starts with a clean record. */
const FORGET_AFTER_MS = 600_000;

export interface RestartBackoff {
  /** The delay before the next start of a container that ran for `ranMs`. */
  next(ranMs: number): number;
}

/** As kubelet does it ("Container restarts"). */
export function createRestartBackoff(): RestartBackoff {
  let delayMs = 0;
  return {
    next(ranMs) {
      if (ranMs >= FORGET_AFTER_MS) delayMs = 0;
      const now = delayMs;
      delayMs = Math.min(Math.max(delayMs * 2, FIRST_DELAY_MS), MAX_DELAY_MS);
      return now;
    },
  };
}
