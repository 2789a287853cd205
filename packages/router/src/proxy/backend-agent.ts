/** Connections to backends on which an early answer survives the failure of an upload. */
import { Agent, type ClientRequestArgs } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

type WriteCallback = (error?: Error | null) => void;

/**
 * A backend may answer (413, 401) and close before it has read the body. The next write then fails, and Node would
 * destroy the socket with the answer unread in it. Here such a failure is left to the reading side, which sees the
 * answer if there is one, and the end of the connection in any case.
 */
class PatientSocket extends Socket {
  override _write(chunk: unknown, encoding: BufferEncoding, callback: WriteCallback): void {
    super._write(chunk, encoding, forgive(callback));
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], callback: WriteCallback): void {
    // Optional in the types only: sockets have it.
    super._writev?.(chunks, forgive(callback));
  }
}

/** An agent whose connections are of that kind. */
export class BackendAgent extends Agent {
  override createConnection(options: ClientRequestArgs): Duplex {
    const socket = new PatientSocket();
    socket.setNoDelay(true);
    return socket.connect({ host: options.host ?? '', port: Number(options.port) });
  }
}

function forgive(callback: WriteCallback): WriteCallback {
  return (error) => callback(isPeerGone(error) ? null : error);
}

function isPeerGone(error: Error | null | undefined): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET');
}
