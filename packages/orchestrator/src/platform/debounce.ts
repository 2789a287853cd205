/** debounce: one call for many that come together. */

export interface DebounceOptions {
  /** Quiet for so long before the call. */
  readonly quietMs: number;
  /** Without quiet, the call comes this long after the first one. */
  readonly longestMs: number;
}

export interface Debounced extends Disposable {
  (): void;
}

/** Disposing it calls off what has not been called. */
export function debounce(work: () => void, { quietMs, longestMs }: DebounceOptions): Debounced {
  let timer: NodeJS.Timeout | undefined;
  let dueAtMs = Infinity;
  const fire = (): void => {
    dueAtMs = Infinity;
    work();
  };
  const call = (): void => {
    const nowMs = performance.now();
    dueAtMs = Math.min(dueAtMs, nowMs + longestMs);
    clearTimeout(timer);
    timer = setTimeout(fire, Math.max(0, Math.min(quietMs, dueAtMs - nowMs)));
    timer.unref();
  };
  return Object.assign(call, { [Symbol.dispose]: () => clearTimeout(timer) });
}
