/**
 * sendEvents: sends the event log to a sink as CloudEvents, each at least once and in order, and remembers how far it is.
 * A sink that is away is waited for; nothing else waits with it.
 */

import { createBackoff, sleep } from '@tekton-dag/kube';
import type { EventRow } from '@tekton-dag/store';
import type { EventSinkConfig } from '../config/telemetry-settings.ts';
import type { Parts } from '../start/parts.ts';
import { cdEventOf, type Installation } from './cd-event.ts';
import { postEvent, type PostOutcome } from './post-event.ts';

export const CURSOR_NAME = 'event-sink';

const BATCH = 100;
const POLL_MS = 1_000;
const MAX_RETRY_MS = 60_000;

export interface EventSenderOptions extends Pick<Parts, 'store' | 'metrics' | 'log'> {
  readonly sink: EventSinkConfig;
  readonly installation: Installation;
}

/** Works until `signal` aborts: then another replica sends, and tells how far it is. Rejects with a StoreError. */
export async function sendEvents(options: EventSenderOptions, signal: AbortSignal): Promise<void> {
  let cursor = await openCursor(options);
  while (!signal.aborted) cursor = await sendBatch(options, cursor, signal);
  options.metrics.eventSinkLag.set(0);
}

/** Gives the cursor to go on from. */
async function sendBatch(options: EventSenderOptions, cursor: number, signal: AbortSignal): Promise<number> {
  const { items, lastSeq } = await options.store.events.read({ afterSeq: cursor, limit: BATCH });
  const done = await sendAll(options, items, signal);
  const next = done === items.length ? lastSeq : (items[done - 1]?.seq ?? cursor);
  if (items.length === 0) {
    options.metrics.eventSinkLag.set(0);
    await sleep(POLL_MS, signal);
  }
  // Whoever sent before has told only now how far it came.
  if (next !== cursor && !(await moveCursor(options, cursor, next))) return await openCursor(options);
  return next;
}

/** Who is new begins with what is to come. */
async function openCursor({ store }: EventSenderOptions): Promise<number> {
  const known = await store.cursors.get(CURSOR_NAME);
  if (known !== undefined) return Number(known);
  const newest = await store.events.newestSeq();
  await store.cursors.advance(CURSOR_NAME, { from: undefined, to: String(newest) });
  return newest;
}

/** False when another replica has moved it meanwhile. */
function moveCursor({ store }: EventSenderOptions, from: number, to: number): Promise<boolean> {
  return store.cursors.advance(CURSOR_NAME, { from: String(from), to: String(to) });
}

/** How many are done with when it ends: all, unless `signal` aborted. */
async function sendAll(
  options: EventSenderOptions,
  events: readonly EventRow[],
  signal: AbortSignal,
): Promise<number> {
  for (const [index, event] of events.entries()) {
    if (!(await sendOne(options, event, signal))) return index;
  }
  return events.length;
}

/** False only when `signal` aborted first. What the sink will never take is left out, and counted. */
async function sendOne(options: EventSenderOptions, event: EventRow, signal: AbortSignal): Promise<boolean> {
  const cdEvent = cdEventOf(event, options.installation);
  if (cdEvent === undefined) return true;
  const backoff = createBackoff({ baseMs: POLL_MS, maxMs: MAX_RETRY_MS });
  for (;;) {
    if (signal.aborted) return false;
    options.metrics.eventSinkLag.set(Math.max(0, Date.now() - event.timeMs) / 1_000);
    const outcome = await postEvent(options.sink, cdEvent, signal);
    if (outcome.kind !== 'aborted') options.metrics.eventSends.inc({ outcome: outcome.kind });
    if (outcome.kind === 'sent') return true;
    if (outcome.kind === 'refused') {
      options.log.warn({ event: event.type, status: outcome.status }, 'the event sink refused an event');
      return true;
    }
    const retryInMs = backoff.next();
    options.log.info({ reason: reasonOf(outcome), retryInMs }, 'the event sink cannot be reached');
    await sleep(retryInMs, signal);
  }
}

function reasonOf(outcome: PostOutcome): string {
  return outcome.kind === 'retried' ? outcome.reason : outcome.kind;
}
