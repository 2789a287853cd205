/** The HTTP server of one routed port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerProblem, renderProblem } from './answer-problem.ts';
import { closeAllGently } from './close-all-gently.ts';
import { closeGently } from './close-gently.ts';
import { forwardExchange } from './forward-exchange.ts';
import { forwardUpgrade } from './forward-upgrade.ts';
import { MAX_HEADER_BYTES } from './open-exchange.ts';
import { planExchange } from './plan-exchange.ts';
import type { TrafficContext } from './traffic-context.ts';

/** A caller has this long to send the head of a request; bodies may take as long as they like. */
const HEADERS_TIMEOUT_MS = 30_000;
/** Longer than callers commonly keep a connection idle, so that it is they who close it. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** A server that is not listening yet. Parsing is strict: an ambiguous message is refused with 400 and its connection closed. */
export function createTrafficServer(context: TrafficContext): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
      requireHostHeader: true,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      noDelay: true,
      // Other upgrades (h2c) may be ignored by a server; the request then goes on as plain HTTP/1.1.
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
    (request, response) => serveRequest(context, request, response),
  );
  server.maxHeadersCount = 0;
  closeAllGently(server);
  server.on('checkContinue', (request, response) => serveRequest(context, request, response));
  server.on('upgrade', (request, socket, head) => serveUpgrade(context, { request, socket, early: head }));
  server.on('connection', (socket) => {
    context.metrics.connectionOpened();
    socket.once('close', () => context.metrics.connectionClosed());
  });
  return server;
}

function serveRequest(context: TrafficContext, request: IncomingMessage, response: ServerResponse): void {
  const plan = planExchange(context, request, keptFields(request));
  if (plan.kind === 'refuse') return answerProblem(response, plan.status, plan.detail);
  const { agent, freshAgent, connectTimeoutMs } = context;
  forwardExchange({ ...plan, request, response, agent, freshAgent, connectTimeoutMs });
}

interface UpgradeRequest {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly early: Buffer;
}

const KEEP_UPGRADE: ReadonlySet<string> = new Set(['connection', 'upgrade']);

function serveUpgrade(context: TrafficContext, { request, socket, early }: UpgradeRequest): void {
  const plan = planExchange(context, request, KEEP_UPGRADE);
  if (plan.kind === 'refuse') {
    socket.on('error', () => socket.destroy());
    socket.write(renderProblem(plan.status, plan.detail));
    closeGently(socket);
    return;
  }
  const { freshAgent, connectTimeoutMs } = context;
  forwardUpgrade({ ...plan, request, socket, early, agent: freshAgent, freshAgent, connectTimeoutMs });
}

const KEEP_CHUNKED: ReadonlySet<string> = new Set(['transfer-encoding', 'trailer']);
const KEEP_CHUNKED_AND_TE: ReadonlySet<string> = new Set(['transfer-encoding', 'trailer', 'te']);
const KEEP_TE: ReadonlySet<string> = new Set(['te']);
const KEEP_NOTHING: ReadonlySet<string> = new Set();

/** The router carries trailers, so it may say that the caller takes them; chunked bodies stay chunked. */
function keptFields(request: IncomingMessage): ReadonlySet<string> {
  const takesTrailers = String(request.headers['te']).toLowerCase() === 'trailers';
  if (request.headers['transfer-encoding'] === undefined) return takesTrailers ? KEEP_TE : KEEP_NOTHING;
  return takesTrailers ? KEEP_CHUNKED_AND_TE : KEEP_CHUNKED;
}
