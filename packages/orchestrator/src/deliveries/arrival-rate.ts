/** ArrivalRate: how many deliveries come in a second, judged by the last quarter of a second. */

const WINDOW_MS = 250;

export interface ArrivalRate {
  arrive(): void;
  perSecond(): number;
}

/** `nowMs` is a clock that never goes back. */
export function createArrivalRate(nowMs: () => number = () => performance.now()): ArrivalRate {
  let startedAt = nowMs();
  let current = 0;
  let previous = 0;
  const turn = (): void => {
    const windows = Math.floor((nowMs() - startedAt) / WINDOW_MS);
    if (windows === 0) return;
    previous = windows === 1 ? current : 0;
    current = 0;
    startedAt += windows * WINDOW_MS;
  };
  return {
    arrive: () => {
      turn();
      current += 1;
    },
    perSecond: () => {
      turn();
      return (Math.max(previous, current) * 1_000) / WINDOW_MS;
    },
  };
}
