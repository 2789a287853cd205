/** Sends requests to the first endpoint that accepts a connection; what plain and upgraded exchanges share. */
import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Endpoint } from '../table/route-table.ts';

/** Twice Node's default: baggage alone may take 8 KiB. More is refused with 431. */
export const MAX_HEADER_BYTES = 32 * 1_024;

/** Why no endpoint answered. */
export type OpenFailure =
  'connect-failed' | 'connect-timeout' | 'backend-reset' | 'invalid-answer' | 'invalid-request';

export interface ExchangeOptions {
  readonly request: IncomingMessage;
  /** In the order in which they are tried; at least one. */
  readonly endpoints: readonly Endpoint[];
  /** Flat list of names and values, as they go on the wire. */
  readonly headers: readonly string[];
  readonly agent: Agent;
  /** Never reuses a connection; for a second try after a kept connection turned out to be closed. */
  readonly freshAgent: Agent;
  readonly connectTimeoutMs: number;
  /** False when the caller went away: then nothing is tried again. */
  readonly isWanted: () => boolean;
  /** Called once per attempt, before anything happens on its connection. */
  readonly onAttempt: (outgoing: ClientRequest, endpoint: Endpoint) => void;
  /** Called once, when a connection stands and the body may be sent. */
  readonly onConnected: (outgoing: ClientRequest) => void;
  /** Called at most once, when there is nothing left to try. Errors after the head of the answer come here too. */
  readonly onFailure: (failure: OpenFailure, endpoint: Endpoint) => void;
}

interface Attempt {
  readonly index: number;
  readonly isFresh: boolean;
}

/** Requests that may be sent twice without harm (RFC 9110, section 9.2.2), as far as they have no body here. */
const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** Opens the exchange. Nothing of the body is read before a connection stands, so every refused connection can be retried. */
export function openExchange(
  options: ExchangeOptions,
  attempt: Attempt = { index: 0, isFresh: false },
): void {
  const endpoint = options.endpoints[attempt.index];
  if (endpoint === undefined) return;
  const outgoing = startRequest(options, endpoint, attempt.isFresh);
  if (outgoing === undefined) return options.onFailure('invalid-request', endpoint);
  let state: 'connecting' | 'connect-timeout' | 'connected' | 'answered' = 'connecting';
  outgoing.once('socket', (socket: Socket) => {
    whenConnected(socket, {
      timeoutMs: options.connectTimeoutMs,
      onConnected: () => {
        state = 'connected';
        options.onConnected(outgoing);
      },
      onTimeout: () => {
        state = 'connect-timeout';
        outgoing.destroy();
      },
    });
  });
  outgoing.once('response', () => (state = 'answered'));
  outgoing.once('upgrade', () => (state = 'answered'));
  outgoing.on('error', (error) => {
    const isConnectFailure = state === 'connecting' || state === 'connect-timeout';
    if (isConnectFailure && attempt.index + 1 < options.endpoints.length && options.isWanted()) {
      return openExchange(options, { index: attempt.index + 1, isFresh: false });
    }
    if (
      state === 'connected' &&
      !attempt.isFresh &&
      options.isWanted() &&
      isRepeatable(options.request, outgoing)
    ) {
      return openExchange(options, { index: attempt.index, isFresh: true });
    }
    options.onFailure(isConnectFailure ? failureOf(state) : faultOf(error), endpoint);
  });
  options.onAttempt(outgoing, endpoint);
}

function startRequest(
  options: ExchangeOptions,
  endpoint: Endpoint,
  isFresh: boolean,
): ClientRequest | undefined {
  const { request, headers } = options;
  try {
    const outgoing = httpRequest({
      host: endpoint.address,
      port: endpoint.port,
      method: request.method,
      path: request.url,
      headers,
      agent: isFresh ? options.freshAgent : options.agent,
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
    });
    // 0 is no limit: beyond a limit Node drops fields in silence, and their size is limited already.
    outgoing.maxHeadersCount = 0;
    return outgoing;
  } catch {
    return undefined;
  }
}

interface ConnectOptions {
  readonly timeoutMs: number;
  readonly onConnected: () => void;
  readonly onTimeout: () => void;
}

function whenConnected(socket: Socket, { timeoutMs, onConnected, onTimeout }: ConnectOptions): void {
  if (!socket.connecting) return onConnected();
  const timer = setTimeout(onTimeout, timeoutMs);
  const stop = () => clearTimeout(timer);
  socket.once('close', stop);
  socket.once('connect', () => {
    stop();
    socket.off('close', stop);
    onConnected();
  });
}

/** A kept connection may have been closed by the backend at the same moment; the request then never reached it. */
function isRepeatable(request: IncomingMessage, outgoing: ClientRequest): boolean {
  return outgoing.reusedSocket && REPEATABLE.has(request.method ?? '') && !hasBody(request);
}

/** RFC 9112, section 6: a request has a body when one of two fields says so. */
export function hasBody(request: IncomingMessage): boolean {
  const { 'transfer-encoding': coding, 'content-length': length } = request.headers;
  return coding !== undefined || (length !== undefined && length !== '0');
}

function failureOf(state: 'connecting' | 'connect-timeout' | 'connected' | 'answered'): OpenFailure {
  return state === 'connect-timeout' ? 'connect-timeout' : 'connect-failed';
}

/** The HTTP parser's own errors have codes that begin with HPE_. */
function faultOf(error: Error): OpenFailure {
  return 'code' in error && String(error.code).startsWith('HPE_') ? 'invalid-answer' : 'backend-reset';
}
