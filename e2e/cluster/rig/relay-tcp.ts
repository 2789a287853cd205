/** relayTcp: lets pods reach what listens on this machine's loopback, or on a socket in its file system. */

import { once } from 'node:events';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

export interface TcpRelay extends AsyncDisposable {
  readonly port: number;
}

/** Listens on `address`, on a port that the system chooses. */
export async function relayTcp(address: string, target: NetConnectOpts): Promise<TcpRelay> {
  const open = new Set<Socket>();
  const keep = (socket: Socket, peer: Socket): void => {
    open.add(socket);
    socket.on('error', () => peer.destroy());
    socket.on('close', () => {
      open.delete(socket);
      // Not destroyed: what this one said last may still be on its way.
      peer.end();
    });
  };
  const server = createServer((incoming) => {
    const outgoing = connect(target);
    keep(incoming, outgoing);
    keep(outgoing, incoming);
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' ? (bound?.port ?? 0) : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
