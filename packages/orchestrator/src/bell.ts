/** Bell: wakes a sleeper early. */

export interface Bell {
  /** A ring while nobody sleeps is kept for the next one. */
  ring(): void;
  /** Resolves at the next ring, or after `timeoutMs`. */
  wait(timeoutMs: number): Promise<void>;
}

/** For one sleeper. */
export function createBell(): Bell {
  let rung = false;
  let wakeSleeper: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      wakeSleeper?.();
    },
    wait: async (timeoutMs) => {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        const timer = setTimeout(resolve, timeoutMs);
        wakeSleeper = resolve;
        await promise;
        clearTimeout(timer);
      }
      rung = false;
    },
  };
}
