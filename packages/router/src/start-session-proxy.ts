/** A local proxy that adds a session to every request, so that test tools need not know of it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { BackendAgent } from './proxy/backend-agent.ts';
import { closeAllGently } from './proxy/close-all-gently.ts';
import { forwardExchange } from './proxy/forward-exchange.ts';
import { forwardUpgrade } from './proxy/forward-upgrade.ts';
import { endToEndHeaders, valuesOf, withHeader } from './proxy/raw-headers.ts';
import { listenOn } from './listen-on.ts';
import { MAX_HEADER_BYTES } from './proxy/open-exchange.ts';
import { withBaggageMember } from './session/baggage.ts';
import { createTraceParent } from './session/trace-parent.ts';

export interface SessionProxyOptions {
  /** Where requests go: scheme `http`, host and port; a path is put before that of each request. */
  readonly target: URL;
  /** Set on every request. A `baggage` is added to the caller's own; others take the place of the caller's. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SessionProxy {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_CONNECTION_MS = 1_500;
const KEEP_FRAMING: ReadonlySet<string> = new Set(['transfer-encoding', 'trailer', 'te']);
const KEEP_UPGRADE: ReadonlySet<string> = new Set(['connection', 'upgrade']);

/** Listens on a free port of 127.0.0.1. Throws TypeError for a target that is not http. */
export async function startSessionProxy(options: SessionProxyOptions): Promise<SessionProxy> {
  const { target } = options;
  if (target.protocol !== 'http:')
    throw new TypeError(`the target must be an http URL, not ${target.protocol}`);
  const agent = new BackendAgent({ keepAlive: true, timeout: IDLE_CONNECTION_MS });
  const freshAgent = new BackendAgent({ keepAlive: false });
  const endpoints = [{ address: hostnameOf(target), port: Number(target.port || 80), pod: '' }];
  const shared = {
    endpoints,
    freshAgent,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    editAnswer: (headers: string[]) => headers,
    onHead: () => undefined,
  };
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const headers = sessionHeaders(options, request, KEEP_FRAMING);
    request.url = `${target.pathname.replace(/\/$/, '')}${request.url ?? '/'}`;
    forwardExchange({ ...shared, request, response, headers, agent });
  };
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: 0,
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
    serve,
  );
  closeAllGently(server);
  const sockets = new Set<Duplex>();
  server.on('checkContinue', serve);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, early) => {
    const headers = sessionHeaders(options, request, KEEP_UPGRADE);
    forwardUpgrade({ ...shared, request, socket, early, headers, agent: freshAgent });
  });
  const port = await listenOn(server, '127.0.0.1', 0);
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await closed.promise;
    },
  };
}

function sessionHeaders(
  options: SessionProxyOptions,
  request: IncomingMessage,
  keep: ReadonlySet<string>,
): string[] {
  let headers = withHeader(endToEndHeaders(request.rawHeaders, keep), 'Host', options.target.host);
  for (const [name, value] of Object.entries(options.headers)) {
    headers = withHeader(
      headers,
      name,
      name.toLowerCase() === 'baggage' ? joinBaggage(headers, value) : value,
    );
  }
  const hasTrace = valuesOf(headers, 'traceparent').length > 0;
  return hasTrace ? headers : withHeader(headers, 'traceparent', createTraceParent().header);
}

/** The caller's baggage with the session's members added; of members with the same key the session's is kept. */
function joinBaggage(headers: readonly string[], added: string): string {
  let joined = valuesOf(headers, 'baggage').join(',');
  for (const member of added.split(',')) {
    const equals = member.indexOf('=');
    if (equals < 1) continue;
    const key = member.slice(0, equals).trim();
    joined = withBaggageMember(joined, key, member.slice(equals + 1).trim()) ?? added;
  }
  return joined;
}

/** Node wants IPv6 addresses without the brackets that URLs have around them. */
function hostnameOf(target: URL): string {
  return target.hostname.replace(/^\[|\]$/g, '');
}
