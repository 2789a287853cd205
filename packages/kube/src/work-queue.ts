/** WorkQueue: keys to work on; each key once in the queue and never in two hands at a time. */

import { createBackoff, type Backoff, type BackoffOptions } from './backoff.ts';

export interface WorkQueue {
  /** Queues the key; a key in work is queued again when it is done. */
  add(key: string): void;
  /** Queues the key later; of several waits for one key the earliest counts. */
  addAfter(key: string, delayMs: number): void;
  /** Queues the key after its own growing backoff. */
  retry(key: string): void;
  /** Ends the key's backoff, after a success. */
  forget(key: string): void;
  /** Takes the next key; waits for one. Undefined when the queue is closed. */
  take(): Promise<string | undefined>;
  /** Gives a taken key back. */
  done(key: string): void;
  /** Keys that wait in line now, without those that are delayed. */
  readonly length: number;
  /** Drops what waits and lets every `take` return undefined. */
  close(): void;
}

/** `backoff` is per key; defaults to 200 ms doubling up to 30 s. */
export function createWorkQueue(backoff: BackoffOptions = {}): WorkQueue {
  return new KeyQueue(backoff);
}

class KeyQueue implements WorkQueue {
  readonly #backoffOptions: BackoffOptions;
  /** In insertion order: first in, first out. */
  readonly #waiting = new Set<string>();
  readonly #working = new Set<string>();
  /** Keys in work that changed meanwhile. */
  readonly #again = new Set<string>();
  readonly #delayed = new Map<string, { readonly timer: NodeJS.Timeout; readonly atMs: number }>();
  readonly #backoffs = new Map<string, Backoff>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #closed = false;

  constructor(backoff: BackoffOptions) {
    this.#backoffOptions = backoff;
  }

  get length(): number {
    return this.#waiting.size;
  }

  add(key: string): void {
    if (this.#closed) return;
    this.#clearDelay(key);
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#waiting.add(key);
    this.#serve();
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#closed) return;
    const atMs = performance.now() + delayMs;
    const present = this.#delayed.get(key);
    if (present !== undefined && present.atMs <= atMs) return;
    this.#clearDelay(key);
    this.#delayed.set(key, { atMs, timer: setTimeout(() => this.add(key), delayMs) });
  }

  retry(key: string): void {
    const backoff = this.#backoffs.get(key) ?? createBackoff(this.#backoffOptions);
    this.#backoffs.set(key, backoff);
    this.addAfter(key, backoff.next());
  }

  forget(key: string): void {
    this.#backoffs.delete(key);
  }

  take(): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  done(key: string): void {
    this.#working.delete(key);
    if (this.#again.delete(key)) this.add(key);
  }

  close(): void {
    this.#closed = true;
    for (const { timer } of this.#delayed.values()) clearTimeout(timer);
    this.#delayed.clear();
    this.#waiting.clear();
    this.#again.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #serve(): void {
    const [key] = this.#waiting;
    if (key === undefined) return;
    const taker = this.#takers.shift();
    if (taker === undefined) return;
    this.#waiting.delete(key);
    this.#working.add(key);
    taker(key);
  }

  #clearDelay(key: string): void {
    clearTimeout(this.#delayed.get(key)?.timer);
    this.#delayed.delete(key);
  }
}
