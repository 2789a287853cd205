/** WebSockets through the router. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { interceptRouteOf, endpointSliceOf, routedServiceOf, serviceRouteOf } from '../src/testing/index.ts';
import { listenOn } from '../src/listen-on.ts';
import { openRawConnection } from './raw-connection.ts';
import { createRouterRig, objectsOfOneApp, until, type RouterRig } from './router-rig.ts';

const PORT = 20_000;

interface EchoApp extends AsyncDisposable {
  readonly port: number;
  readonly sockets: WebSocketServer;
}

async function startEcho(rig: RouterRig, name: string): Promise<EchoApp> {
  const server: Server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer, isBinary) =>
      socket.send(isBinary ? data : `${name}:${data.toString()}`, { binary: isBinary }),
    );
  });
  const port = await listenOn(server, rig.address, 0);
  return {
    port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function say(socket: WebSocket, text: string): Promise<string> {
  socket.send(text);
  const [data] = await once(socket, 'message');
  return String(data);
}

describe('a WebSocket', () => {
  it('goes through, text and large binary messages, until one side closes it', async () => {
    await using rig = await createRouterRig();
    await using app = await startEcho(rig, 'baseline');
    await rig.route(objectsOfOneApp(rig.address, app.port));
    const socket = new WebSocket(`ws://${rig.address}:${PORT}/chat?room=1`);
    await once(socket, 'open');
    expect(await say(socket, 'hello')).toBe('baseline:hello');
    const large = Buffer.alloc(4 * 1_024 * 1_024, 7);
    socket.send(large);
    const [back] = await once(socket, 'message');
    expect(large.equals(back)).toBe(true);
    socket.close(1_000);
    const [code] = await once(socket, 'close');
    expect(code).toBe(1_000);
    await until(() => app.sockets.clients.size === 0);
  });

  it('of a session goes to the pull request and leaves a hop', async () => {
    await using rig = await createRouterRig();
    await using baseline = await startEcho(rig, 'baseline');
    await using changed = await startEcho(rig, 'changed');
    const slice = (service: string, port: number) =>
      endpointSliceOf({ service, endpoints: [{ address: rig.address, port, pod: `${service}-0` }] });
    await rig.route({
      services: [routedServiceOf({ name: 'app', port: PORT })],
      httpRoutes: [serviceRouteOf({ service: 'app' }), interceptRouteOf({ service: 'app', session: 'pr-4' })],
      endpointSlices: [...slice('app-baseline', baseline.port), ...slice('app-pr-4', changed.port)],
    });
    const traceId = 'a'.repeat(32);
    const headers = { 'x-dev-session': 'pr-4', traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };
    const tagged = new WebSocket(`ws://${rig.address}:${PORT}`, { headers });
    tagged.once('upgrade', (response) =>
      expect(response.headers['x-tekton-dag-served-by']).toBe('app-pr-4/app-pr-4-0'),
    );
    await once(tagged, 'open');
    expect(await say(tagged, 'who')).toBe('changed:who');
    const plain = new WebSocket(`ws://${rig.address}:${PORT}`);
    await once(plain, 'open');
    expect(await say(plain, 'who')).toBe('baseline:who');
    expect((await rig.evidence(traceId)).hops).toMatchObject([
      { service: 'app', pod: 'app-pr-4-0', status: 101 },
    ]);
    tagged.terminate();
    plain.terminate();
  });

  it('ends at the caller when the backend dies', async () => {
    await using rig = await createRouterRig();
    await using app = await startEcho(rig, 'baseline');
    await rig.route(objectsOfOneApp(rig.address, app.port));
    const socket = new WebSocket(`ws://${rig.address}:${PORT}`);
    await once(socket, 'open');
    for (const client of app.sockets.clients) client.terminate();
    const [code] = await once(socket, 'close');
    expect(code).toBe(1_006);
  });

  it('that the backend refuses gets its answer', async () => {
    await using rig = await createRouterRig();
    const { port } = await rig.serve((_, response) => {
      response.writeHead(401, { 'x-why': 'no ticket' });
      response.end('no');
    });
    await rig.route(objectsOfOneApp(rig.address, port));
    const socket = new WebSocket(`ws://${rig.address}:${PORT}`);
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response');
    expect([response.statusCode, response.headers['x-why']]).toEqual([401, 'no ticket']);
    socket.terminate();
  });

  it('for which there is no endpoint is refused with 503', async () => {
    await using rig = await createRouterRig();
    await rig.route({
      services: [routedServiceOf({ name: 'app', port: PORT })],
      httpRoutes: [serviceRouteOf({ service: 'app' })],
      endpointSlices: [],
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(await caller.ended).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('is the only upgrade: a request that offers h2c goes on as HTTP/1.1', async () => {
    await using rig = await createRouterRig();
    const { port } = await rig.serve((request, response) =>
      response.end(`upgrade=${request.headers.upgrade}`),
    );
    await rig.route(objectsOfOneApp(rig.address, port));
    using caller = await openRawConnection(rig.address, PORT);
    caller.write(
      'GET / HTTP/1.1\r\nHost: app\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n',
    );
    expect(await caller.ended).toContain('upgrade=undefined');
  });
});
