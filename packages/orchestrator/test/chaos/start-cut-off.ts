/** startCutOff: a TCP relay that can be away: connections end at once and new ones are refused, as when a server goes. */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CutOff extends AsyncDisposable {
  /** Reaches the target while it is not away. */
  readonly url: string;
  goAway(): void;
  comeBack(): void;
}

/** `targetUrl` is http on loopback. */
export async function startCutOff(targetUrl: string): Promise<CutOff> {
  const target = { host: '127.0.0.1', port: Number(new URL(targetUrl).port) };
  const open = new Set<Socket>();
  let away = false;
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // An end without a goodbye is what this is for.
    socket.on('error', () => {});
    return socket;
  };
  const server = createServer((incoming) => {
    keep(incoming);
    if (away) return incoming.resetAndDestroy();
    const outgoing = keep(connect(target));
    incoming.pipe(outgoing).pipe(incoming);
    incoming.on('close', () => outgoing.destroy());
    outgoing.on('close', () => incoming.destroy());
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay does not listen');
  const endAll = (): void => open.forEach((socket) => socket.resetAndDestroy());
  return {
    url: `http://127.0.0.1:${address.port}`,
    goAway: () => {
      away = true;
      endAll();
    },
    comeBack: () => {
      away = false;
    },
    [Symbol.asyncDispose]: async () => {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}
