/** retryOnConflict: read, change, write again when someone else wrote in between. */

import { createBackoff } from './backoff.ts';
import { isRefusal } from './kube-error.ts';
import { sleep } from './sleep.ts';

export interface RetryOptions {
  /** Tries in all; default 5. */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
}

/** Calls `attempt` until it does not throw Conflict; it must read the object anew each time. Throws the last Conflict. */
export async function retryOnConflict<T>(attempt: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 5, signal = new AbortController().signal } = options;
  const backoff = createBackoff({ baseMs: 20, maxMs: 500 });
  for (let left = attempts - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRefusal(error, 'Conflict') || left <= 0) throw error;
      await sleep(backoff.next(), signal);
      signal.throwIfAborted();
    }
  }
}
