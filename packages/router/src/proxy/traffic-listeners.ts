/** Opens and closes the ports of the router as Services come and go. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { RouterLog } from '../router-log.ts';
import { createTrafficServer } from './serve-traffic.ts';
import type { TrafficContext } from './traffic-context.ts';

export interface TrafficListeners {
  /** Makes the open ports those given. Connections to a port that is closed end with their current exchange. */
  sync(ports: Iterable<number>): void;
  /** True when every port that is wanted is open. */
  isReady(): boolean;
  /** Stops accepting, lets exchanges finish for `drainMs`, then cuts what is left. */
  close(drainMs: number): Promise<void>;
}

interface ListenerOptions {
  readonly context: TrafficContext;
  readonly bindAddress: string;
  readonly log: RouterLog;
}

/** A port may be in use for a moment, by the last process that served it. */
const RETRY_BIND_MS = 500;

interface OpenPort {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  isListening: boolean;
  isClosing: boolean;
  retry: NodeJS.Timeout | undefined;
}

export function createTrafficListeners(options: ListenerOptions): TrafficListeners {
  const wanted = new Map<number, OpenPort>();
  const closing = new Map<OpenPort, Promise<void>>();
  return {
    sync(ports) {
      const next = new Set(ports);
      for (const [port, open] of wanted) {
        if (next.has(port)) continue;
        wanted.delete(port);
        options.log.info({ port }, 'port closed');
        closing.set(
          open,
          closePort(open).finally(() => closing.delete(open)),
        );
      }
      for (const port of next) if (!wanted.has(port)) wanted.set(port, openPort(options, port));
    },
    isReady: () => [...wanted.values()].every((open) => open.isListening),
    async close(drainMs) {
      for (const open of wanted.values()) closing.set(open, closePort(open));
      wanted.clear();
      const timer = setTimeout(() => cutConnections(closing.keys()), drainMs);
      await Promise.all(closing.values());
      clearTimeout(timer);
    },
  };
}

function openPort({ context, bindAddress, log }: ListenerOptions, port: number): OpenPort {
  const server = createTrafficServer(context);
  const open: OpenPort = {
    server,
    sockets: new Set(),
    isListening: false,
    isClosing: false,
    retry: undefined,
  };
  const listen = () => server.listen({ host: bindAddress, port, backlog: 1_024 });
  server.on('listening', () => {
    open.isListening = true;
    log.info({ port }, 'port opened');
  });
  server.on('error', (error) => {
    log.warn({ port, reason: error.message }, 'port cannot be opened');
    open.retry = setTimeout(listen, RETRY_BIND_MS);
  });
  server.on('connection', (socket) => {
    open.sockets.add(socket);
    socket.once('close', () => open.sockets.delete(socket));
  });
  server.prependListener('request', (_, response) => endConnectionWhenClosing(open, response));
  server.prependListener('checkContinue', (_, response) => endConnectionWhenClosing(open, response));
  listen();
  return open;
}

/** Resolves when the last connection has ended. */
async function closePort(open: OpenPort): Promise<void> {
  clearTimeout(open.retry);
  open.isClosing = true;
  const { promise, resolve } = Promise.withResolvers<void>();
  open.server.close(() => resolve());
  open.server.closeIdleConnections();
  await promise;
}

/** A kept connection of a port that closes is not to be used again once its exchange is over. */
function endConnectionWhenClosing(open: OpenPort, response: ServerResponse): void {
  if (open.isClosing) response.shouldKeepAlive = false;
  response.once('close', () => {
    // The server counts a connection as idle only after this event.
    if (open.isClosing) setImmediate(() => open.server.closeIdleConnections());
  });
}

/** Sockets are kept by hand because upgraded ones no longer belong to the HTTP server. */
function cutConnections(ports: Iterable<OpenPort>): void {
  for (const { sockets } of ports) for (const socket of sockets) socket.destroy();
}
