/**
 * readToEnd: what is left of a request that is refused already. A connection that is closed over unread bytes is reset,
 * and the reset can overtake the answer: the caller would see a broken pipe instead of the refusal.
 */

import type { Readable } from 'node:stream';

/** Until the end, the loss of the connection or the end of patience, whichever is first. Keeps nothing of what it reads. */
export const readToEnd = (incoming: Readable, patienceMs: number): Promise<void> =>
  new Promise((resolve) => {
    if (incoming.readableEnded || incoming.destroyed) return resolve();
    const timer = setTimeout(resolve, patienceMs);
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    incoming.once('end', finish).once('close', finish).once('error', finish).resume();
  });
