/** Whether and when a registry that is busy is asked again; pure. */

const BUSY = new Set([429, 502, 503, 504]);
const MAX_ATTEMPTS = 4;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

const secondsOf = (retryAfter: string): number | undefined =>
  /^[0-9]{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;

/**
 * Milliseconds to wait before the next attempt; undefined when there is to be none. `attempt` counts from 1;
 * `retryAfter` is the header (RFC 9110 section 10.2.3), in seconds.
 */
export const retryDelayMs = (
  status: number,
  { attempt, retryAfter = '' }: { attempt: number; retryAfter?: string },
): number | undefined => {
  if (!BUSY.has(status) || attempt >= MAX_ATTEMPTS) return undefined;
  const seconds = secondsOf(retryAfter);
  const delayMs = seconds === undefined ? FIRST_DELAY_MS * 2 ** (attempt - 1) : seconds * 1000;
  // A registry that says to come back in an hour gets its refusal reported instead.
  return delayMs > MAX_DELAY_MS ? undefined : delayMs;
};
