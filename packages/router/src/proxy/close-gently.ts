/**
 * closeGently: the end of a connection on which somebody may still be sending. One that is closed over unread bytes is
 * reset, and the reset can overtake the answer: the caller would see a broken pipe instead (RFC 9112, section 9.6).
 */
import type { Duplex } from 'node:stream';

/** For the other side to end too, once the last byte for it was handed to the kernel. */
const PATIENCE_MS = 5_000;

/** Sends what was written and ends our side; drops what still comes until the other side ends too, then closes. */
export function closeGently(socket: Duplex): void {
  if (socket.destroyed) return;
  const destroy = (): void => void socket.destroy();
  // Whoever listened until now would take what comes for the next request.
  socket.unpipe().removeAllListeners('data').on('data', drop).resume();
  socket.end(() => {
    if (socket.readableEnded) return destroy();
    const timer = setTimeout(destroy, PATIENCE_MS);
    socket.once('end', destroy).once('close', () => clearTimeout(timer));
  });
}

function drop(): void {}
