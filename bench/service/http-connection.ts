/**
 * createHttpConnection: one keep-alive connection that sends prepared bytes and reads of each answer only its status.
 * One buffer takes everything that arrives, so an answer leaves no garbage behind.
 */

import { connect, type Socket } from 'node:net';

const BUFFER_BYTES = 16 * 1024;
const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i;

export interface HttpConnection {
  /** One request at a time. Status of the answer; 0 when the connection ended before one came. Never rejects. */
  send(request: Uint8Array): Promise<number>;
  close(): void;
}

/** Connects with the first request, and again after a connection was lost. */
export function createHttpConnection(url: string): HttpConnection {
  const { hostname, port } = new URL(url);
  let socket: Socket | undefined;
  let answered: ((status: number) => void) | undefined;
  let received = '';

  const settle = (status: number): void => {
    const resolve = answered;
    answered = undefined;
    received = '';
    resolve?.(status);
  };
  const read = (count: number, buffer: Uint8Array): boolean => {
    received += Buffer.from(buffer.buffer, buffer.byteOffset, count).toString('latin1');
    const status = statusOf(received);
    if (status !== undefined) settle(status);
    return true;
  };
  const open = (): Socket => {
    const onread = { buffer: Buffer.alloc(BUFFER_BYTES), callback: read };
    const opened = connect({ host: hostname, port: Number(port), noDelay: true, onread });
    // What goes wrong shows as the end of the connection.
    opened.on('error', () => {});
    opened.on('close', () => {
      if (socket === opened) socket = undefined;
      settle(0);
    });
    return opened;
  };
  return {
    send: (request) =>
      new Promise((resolve) => {
        answered = resolve;
        socket ??= open();
        socket.write(request);
      }),
    close: () => socket?.destroy(),
  };
}

/** Undefined until the whole answer is there. */
function statusOf(received: string): number | undefined {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const length = Number(CONTENT_LENGTH.exec(received)?.[1] ?? 0);
  return received.length >= headEnd + HEAD_END.length + length ? Number(received.slice(9, 12)) : undefined;
}
