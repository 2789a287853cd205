/** createEventStreams: answers that go on, as Server-Sent Events (WHATWG HTML, section 9.2). */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { ProblemError } from './problem.ts';

export interface StreamEvent {
  /** What the client sends as `Last-Event-ID` to go on after this one. */
  readonly id?: string;
  readonly event?: string;
  readonly data: unknown;
}

export interface EventStreams {
  /** Sends what `produce` yields, until it ends, the client goes, or the service stops; `produce` sees all of it in its signal. */
  send(
    request: FastifyRequest,
    reply: FastifyReply,
    produce: (signal: AbortSignal) => AsyncIterable<StreamEvent>,
  ): FastifyReply;
  /** Ends every open stream. */
  close(): void;
}

/** Proxies cut connections that say nothing for a minute. */
const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 200;
/** How long a client waits before it connects again. */
const RETRY_MS = 2_000;

export function createEventStreams(): EventStreams {
  const open = new Set<AbortController>();
  return {
    send: (request, reply, produce) => {
      if (open.size >= MAX_STREAMS) throw tooMany();
      const controller = new AbortController();
      open.add(controller);
      const body = new PassThrough();
      body.write(`retry: ${RETRY_MS}\n\n`);
      const heart = setInterval(() => body.write(': heartbeat\n\n'), HEARTBEAT_MS);
      reply.raw.once('close', () => controller.abort());
      controller.signal.addEventListener('abort', () => body.end(), { once: true });
      // It may have gone while its request was looked at: its end was told before anybody listened.
      if (reply.raw.closed) controller.abort();
      void pump(request, produce(controller.signal), { body, signal: controller.signal }).finally(() => {
        clearInterval(heart);
        open.delete(controller);
        body.end();
      });
      return (
        reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store')
          // A connection that was kept for more would hold up the end of the service.
          .header('connection', 'close')
          .header('x-accel-buffering', 'no')
          .send(body)
      );
    },
    close: () => {
      for (const controller of open) controller.abort();
    },
  };
}

/** The place that the client came to before; undefined for a first request. */
export function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Never rejects, and waits for a slow reader. */
async function pump(
  request: FastifyRequest,
  events: AsyncIterable<StreamEvent>,
  { body, signal }: { readonly body: PassThrough; readonly signal: AbortSignal },
): Promise<void> {
  try {
    for await (const event of events) {
      if (signal.aborted) return;
      if (!body.write(renderEvent(event))) await once(body, 'drain', { signal });
    }
  } catch (error) {
    // The status is out already: the client learns by the stream's end, and comes again with its last id.
    if (!signal.aborted) request.log.warn({ err: error }, 'an event stream broke off');
  }
}

/** JSON has no line ends, so one `data` line always does. */
function renderEvent(event: StreamEvent): string {
  const id = event.id === undefined ? '' : `id: ${event.id}\n`;
  const name = event.event === undefined ? '' : `event: ${event.event}\n`;
  return `${id}${name}data: ${JSON.stringify(event.data)}\n\n`;
}

function tooMany(): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'too-many-streams',
    title: 'Too many event streams are open',
  });
}
