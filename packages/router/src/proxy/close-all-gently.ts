/** closeAllGently: a server whose connections, wherever they end with an answer, do not take that answer with them. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { renderProblem } from './answer-problem.ts';
import { closeGently } from './close-gently.ts';

/** To be called before the server listens. */
export function closeAllGently(server: Server): void {
  const open = new WeakMap<Duplex, Set<ServerResponse>>();
  server.on('connection', (socket) => {
    open.set(socket, new Set());
    let isClosing = false;
    // What node:http calls when a connection ends with its answer.
    socket.destroySoon = () => {
      if (!isClosing) closeGently(socket);
      isClosing = true;
    };
  });
  const note = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    open.get(socket)?.add(response);
    response.once('close', () => open.get(socket)?.delete(response));
  };
  server.on('request', note).on('checkContinue', note);
  server.on('clientError', (error, socket) => {
    const isAnswering = [...(open.get(socket) ?? [])].some(({ headersSent }) => headersSent);
    refuseUnreadable(error, socket, isAnswering);
  });
}

/** A refusal in the middle of an answer would be taken for a part of it. */
function refuseUnreadable(error: Error, socket: Duplex, isAnswering: boolean): void {
  if (!socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const { status, detail } = REFUSALS.get('code' in error ? String(error.code) : '') ?? UNREADABLE;
  socket.write(renderProblem(status, detail));
  closeGently(socket);
}

const UNREADABLE = { status: 400, detail: 'The request cannot be read.' };
const REFUSALS: ReadonlyMap<string, typeof UNREADABLE> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, detail: 'The head of the request is too large.' }],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', { status: 413, detail: 'The extensions of a chunk are too large.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, detail: 'The request did not come in time.' }],
]);
