/** A queue of names to look at: each waits at most once, and all waiting ones are looked at in one turn. */

export interface KeyedQueue {
  add(key: string): void;
  /** Adds the key at a time; an earlier time replaces a later one. */
  addAt(key: string, atMs: number): void;
  stop(): void;
}

export interface KeyedQueueOptions {
  readonly handle: (key: string) => void;
  readonly onFault: (key: string, fault: unknown) => void;
  readonly now: () => Date;
}

/** setTimeout's own limit; a later time is looked at again then. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export function createKeyedQueue({ handle, onFault, now }: KeyedQueueOptions): KeyedQueue {
  const waiting = new Set<string>();
  const timers = new Map<string, { readonly atMs: number; readonly timer: NodeJS.Timeout }>();
  let isScheduled = false;
  let isStopped = false;
  const drain = (): void => {
    isScheduled = false;
    const keys = [...waiting];
    waiting.clear();
    for (const key of keys) {
      if (isStopped) return;
      try {
        handle(key);
      } catch (fault) {
        onFault(key, fault);
      }
    }
  };
  const add = (key: string): void => {
    waiting.add(key);
    if (isScheduled || isStopped) return;
    isScheduled = true;
    setImmediate(drain);
  };
  return {
    add,
    addAt: (key, atMs) => {
      const before = timers.get(key);
      if (isStopped || (before !== undefined && before.atMs <= atMs)) return;
      clearTimeout(before?.timer);
      const delayMs = Math.min(MAX_DELAY_MS, Math.max(0, atMs - now().getTime()));
      const timer = setTimeout(() => {
        timers.delete(key);
        add(key);
      }, delayMs);
      timers.set(key, { atMs, timer });
    },
    stop: () => {
      isStopped = true;
      waiting.clear();
      for (const { timer } of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
