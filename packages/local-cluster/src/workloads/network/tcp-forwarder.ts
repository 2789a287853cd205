/** Forwards TCP connections from one address and port to endpoints in turn, as kube-proxy does for a Service. */

import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface TcpForwarder {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 3_000;

/**
 * Listens on `address:port`; port 0 picks a free one. `endpoints` is asked anew for every connection; when one does not accept, the next one is tried;
 * when none does, the client's connection is reset. Rejects with the system's error when it cannot listen.
 */
export async function startTcpForwarder(
  address: string,
  port: number,
  endpoints: () => readonly Endpoint[],
): Promise<TcpForwarder> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    track(sockets, client);
    const all = endpoints();
    turn += 1;
    const start = all.length === 0 ? 0 : turn % all.length;
    void forward(client, [...all.slice(start), ...all.slice(0, start)], sockets);
  });
  await listen(server, address, port);
  return {
    address,
    port: portOf(server) ?? port,
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      sockets.forEach((socket) => socket.destroy());
      await promise;
    },
  };
}

async function forward(client: Socket, endpoints: readonly Endpoint[], sockets: Set<Socket>): Promise<void> {
  client.on('error', () => client.destroy());
  for (const endpoint of endpoints) {
    const server = await tryConnect(endpoint);
    if (server === undefined) continue;
    track(sockets, server);
    join(client, server);
    return;
  }
  client.resetAndDestroy();
}

/** Each side's end is passed on; a broken side breaks the other. */
function join(client: Socket, server: Socket): void {
  client.setNoDelay(true);
  server.setNoDelay(true);
  const breakBoth = (): void => {
    client.destroy();
    server.destroy();
  };
  server.on('error', breakBoth);
  client.on('error', breakBoth);
  client.on('close', () => server.destroy());
  server.on('close', () => client.destroy());
  client.pipe(server);
  server.pipe(client);
}

async function tryConnect({ address, port }: Endpoint): Promise<Socket | undefined> {
  // Anybody may write the endpoints of a service: what is no port accepts nothing.
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
  const socket = connect({ host: address, port, allowHalfOpen: true });
  const giveUp = (): void => {
    socket.destroy();
    resolve(undefined);
  };
  socket.setTimeout(CONNECT_TIMEOUT_MS, giveUp);
  socket.once('error', giveUp);
  socket.once('connect', () => {
    socket.setTimeout(0);
    socket.off('error', giveUp);
    resolve(socket);
  });
  return await promise;
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}

function portOf(server: Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host, port, exclusive: true }, resolve);
  await promise;
}
