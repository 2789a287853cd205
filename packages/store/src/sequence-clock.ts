/** The order of arrival: epoch microseconds that always grow, so that rows made in one millisecond keep their order. */

/** Gives a function whose every value is greater than the one before, also when the wall clock steps back. */
export function createSequenceClock(nowMs: () => number = Date.now): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, nowMs() * 1_000);
    return last;
  };
}
