/** Backoff: growing, jittered waits between attempts, without an end. */

export interface BackoffOptions {
  /** Longest wait before the first retry; default 200. */
  readonly baseMs?: number;
  /** Longest wait at all; default 30 000. */
  readonly maxMs?: number;
  /** In [0, 1); injected by tests. */
  readonly random?: () => number;
}

export interface Backoff {
  /** The next wait in milliseconds; between half and all of a doubling limit. */
  next(): number;
  /** Starts over, after a success. */
  reset(): void;
}

/** Half of each wait is random, so clients that failed together do not return together. */
export function createBackoff({
  baseMs = 200,
  maxMs = 30_000,
  random = Math.random,
}: BackoffOptions = {}): Backoff {
  let limitMs = baseMs;
  return {
    next() {
      const current = Math.min(limitMs, maxMs);
      limitMs = Math.min(current * 2, maxMs);
      return Math.round(current / 2 + (current / 2) * random());
    },
    reset() {
      limitMs = baseMs;
    },
  };
}
