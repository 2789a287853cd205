/** Carries a connection upgrade, such as a WebSocket, to a backend and joins the two sockets. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Endpoint } from '../table/route-table.ts';
import { renderProblem } from './answer-problem.ts';
import { closeGently } from './close-gently.ts';
import { openExchange, type ExchangeOptions } from './open-exchange.ts';
import { headerPairs } from './raw-headers.ts';

export interface UpgradeOptions extends Omit<
  ExchangeOptions,
  'isWanted' | 'onAttempt' | 'onConnected' | 'onFailure'
> {
  /** The caller's connection. */
  readonly socket: Duplex;
  /** What came after the head of the request. */
  readonly early: Buffer;
  readonly editAnswer: (headers: string[], endpoint: Endpoint) => string[];
  /** Called exactly once, before the caller can see the answer. */
  readonly onHead: (status: number, endpoint: Endpoint | undefined) => void;
}

export function forwardUpgrade(options: UpgradeOptions): void {
  const { socket } = options;
  let current: ClientRequest | undefined;
  let isAnswered = false;
  const answer = (status: number, endpoint?: Endpoint): void => {
    if (isAnswered) return;
    isAnswered = true;
    options.onHead(status, endpoint);
  };
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    answer(499);
    current?.destroy();
  });
  openExchange({
    ...options,
    isWanted: () => !socket.destroyed,
    onAttempt: (outgoing, endpoint) => {
      current = outgoing;
      outgoing.once('upgrade', (incoming: IncomingMessage, backend: Duplex, early: Buffer) => {
        answer(incoming.statusCode ?? 101, endpoint);
        joinSockets(options, { incoming, backend, early, endpoint });
      });
      outgoing.once('response', (incoming: IncomingMessage) => {
        answer(incoming.statusCode ?? 502, endpoint);
        relayRefusal(options, incoming, endpoint);
      });
    },
    onConnected: (outgoing) => outgoing.end(),
    onFailure: () => {
      answer(502);
      if (!socket.writable) return;
      socket.write(renderProblem(502, 'The backend could not be reached for the upgrade.'));
      closeGently(socket);
    },
  });
}

interface Upgraded {
  readonly incoming: IncomingMessage;
  readonly backend: Duplex;
  readonly early: Buffer;
  readonly endpoint: Endpoint;
}

function joinSockets(options: UpgradeOptions, { incoming, backend, early, endpoint }: Upgraded): void {
  const { socket } = options;
  if (socket.destroyed) {
    backend.destroy();
    return;
  }
  socket.write(renderHead(incoming, options.editAnswer([...incoming.rawHeaders], endpoint)), 'latin1');
  if (early.length > 0) socket.write(early);
  if (options.early.length > 0) backend.write(options.early);
  // A side that only ends may still be sent to; a side that is closed takes the other with it.
  socket.pipe(backend);
  backend.pipe(socket);
  socket.once('close', () => backend.destroy());
  backend.once('close', () => socket.destroy());
  backend.on('error', () => backend.destroy());
}

/** The backend said no: its answer is passed on and the connection ends with it. */
function relayRefusal(options: UpgradeOptions, incoming: IncomingMessage, endpoint: Endpoint): void {
  const { socket } = options;
  const own = headerPairs(incoming.rawHeaders)
    .filter(
      ([name]) => !['connection', 'keep-alive', 'transfer-encoding', 'trailer'].includes(name.toLowerCase()),
    )
    .flat();
  const headers = [...options.editAnswer(own, endpoint), 'connection', 'close'];
  socket.write(renderHead(incoming, headers), 'latin1');
  incoming.pipe(socket, { end: false });
  // A refusal that breaks off must not look whole.
  incoming.once('close', () => (incoming.complete ? closeGently(socket) : socket.destroy()));
}

function renderHead(incoming: IncomingMessage, headers: readonly string[]): string {
  const lines = headerPairs(headers).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${incoming.statusCode} ${incoming.statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`;
}
