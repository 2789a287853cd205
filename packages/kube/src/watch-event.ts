/** WatchEvent: what a watch says, read from its JSON lines (Kubernetes API concepts, "Efficient detection of changes"). */

import { createWatchError, KubeUnreachableError } from './kube-error.ts';
import { readLines } from './read-lines.ts';
import type { TransportResponse } from './transport.ts';

/** A change, or a bookmark: a version up to which there was nothing more to say. */
export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | {
      readonly type: 'BOOKMARK';
      readonly object: { readonly metadata: { readonly resourceVersion: string } };
    };

type RawEvent<T> = WatchEvent<T> | { readonly type: 'ERROR'; readonly object: unknown };

interface WatchLimits {
  readonly signal?: AbortSignal | undefined;
  readonly idleTimeoutMs?: number | undefined;
}

/**
 * Opens a watch and yields its events. Throws KubeError for an ERROR event, and KubeUnreachableError for a
 * line that is no event, a cut connection, or `idleTimeoutMs` without a byte. Leaving the loop ends the request.
 */
export async function* readWatch<T>(
  open: (signal: AbortSignal) => Promise<TransportResponse>,
  limits: WatchLimits,
): AsyncGenerator<WatchEvent<T>> {
  using idle = new IdleTimer(limits.idleTimeoutMs ?? 0);
  const ended = new AbortController();
  const signals = [ended.signal, idle.signal, ...(limits.signal === undefined ? [] : [limits.signal])];
  try {
    const answer = await open(AbortSignal.any(signals));
    for await (const line of readLines(idle.watchOver(answer.chunks()))) {
      if (line !== '') yield parseEvent<T>(line);
    }
  } finally {
    ended.abort();
  }
}

function parseEvent<T>(line: string): WatchEvent<T> {
  const event = parseLine<T>(line);
  switch (event?.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
    case 'BOOKMARK':
      return event;
    case 'ERROR':
      throw createWatchError(event.object);
    case undefined:
    default:
      throw new KubeUnreachableError('the watch sent a line that is not an event');
  }
}

function parseLine<T>(line: string): RawEvent<T> | undefined {
  try {
    const event: RawEvent<T> | null = JSON.parse(line);
    return typeof event?.object === 'object' && event.object !== null ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Aborts when it was not fed for `limitMs`; 0 means never. */
class IdleTimer {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    if (limitMs <= 0) return;
    const abort = (): void =>
      this.#controller.abort(new KubeUnreachableError(`the watch was silent for ${limitMs} ms`));
    this.#timer = setTimeout(abort, limitMs);
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async *watchOver(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.#timer?.refresh();
      yield chunk;
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
