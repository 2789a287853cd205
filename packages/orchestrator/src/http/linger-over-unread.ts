/**
 * lingerOverUnread: the last answer on a connection goes out at once, and the connection ends when the rest of the request
 * is in, or enough of it. One that is closed over unread bytes is reset, and the reset can overtake the answer: whoever
 * still sends would see a broken pipe instead of the refusal (RFC 9112, section 9.6).
 */

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** For a sender that says nothing more; one that dribbles is ended by the server's limit for a request. */
const SILENCE_MS = 5_000;
const PATIENCE_BYTES = 64 * 1024 * 1024;

/** Where a connection stays open Node reads the rest by itself. Call it after the hooks that end connections. */
export function lingerOverUnread(scope: FastifyInstance): void {
  scope.addHook('onSend', async ({ raw }, reply, payload) => {
    if (typeof payload !== 'string' || raw.complete || !isLast(reply)) return payload;
    reply.header('content-length', Buffer.byteLength(payload));
    return Readable.from(answerAndLinger(payload, raw));
  });
}

function isLast(reply: FastifyReply): boolean {
  return reply.getHeader('connection') === 'close' || !reply.raw.shouldKeepAlive;
}

async function* answerAndLinger(payload: string, incoming: IncomingMessage): AsyncGenerator<string> {
  yield payload;
  await discardRest(incoming);
}

/** Until the end, the loss of the connection or the end of patience, whichever is first. */
function discardRest(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    if (incoming.readableEnded || incoming.destroyed) return resolve();
    let discardedBytes = 0;
    const timer = setTimeout(resolve, SILENCE_MS);
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const discard = ({ length }: Buffer): void => {
      discardedBytes += length;
      timer.refresh();
      if (discardedBytes > PATIENCE_BYTES) finish();
    };
    incoming.once('end', finish).once('close', finish).once('error', finish);
    incoming.on('data', discard).resume();
  });
}
