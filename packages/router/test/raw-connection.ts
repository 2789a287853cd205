/** A bare TCP connection, to say and see exactly the bytes of HTTP. */
import { connect, type Socket } from 'node:net';

export interface RawConnection extends Disposable {
  readonly socket: Socket;
  write(text: string): void;
  /** Everything that has come so far, as Latin-1. */
  received(): string;
  /** Resolves when `text` has come; rejects when the connection ends before. */
  seen(text: string): Promise<void>;
  /** Resolves with everything that came when the other side has closed. */
  readonly ended: Promise<string>;
}

export async function openRawConnection(host: string, port: number): Promise<RawConnection> {
  const socket = connect({ host, port });
  let text = '';
  const waiting = new Set<() => void>();
  const ended = Promise.withResolvers<string>();
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    for (const check of waiting) check();
  });
  // A reset is one of the ways in which a connection ends.
  socket.on('error', () => undefined);
  socket.once('close', () => ended.resolve(text));
  const connected = Promise.withResolvers<void>();
  socket.once('connect', () => connected.resolve());
  await connected.promise;
  return {
    socket,
    ended: ended.promise,
    write: (bytes) => void socket.write(bytes, 'latin1'),
    received: () => text,
    async seen(expected) {
      const found = Promise.withResolvers<void>();
      const check = () => {
        if (text.includes(expected)) found.resolve();
      };
      waiting.add(check);
      check();
      void ended.promise.then(() =>
        found.reject(new Error(`the connection ended with ${JSON.stringify(text)}`)),
      );
      await found.promise;
      waiting.delete(check);
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}
