/** The local proxy that test tools talk to. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { startSessionProxy, type SessionProxy } from '../src/index.ts';
import { listenOn } from '../src/listen-on.ts';
import { readText, sendRequest } from './router-rig.ts';

const SESSION = { 'x-dev-session': 'pr-4', baggage: 'dev-session=pr-4' };

interface ProxyRig extends AsyncDisposable {
  readonly proxy: SessionProxy;
  readonly targetPort: number;
  /** Headers of the requests that reached the target. */
  readonly seen: { url: string; headers: IncomingHttpHeaders }[];
  send(options: {
    path?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string;
  }): Promise<{ status: number; body: string }>;
}

async function createProxyRig(
  listener: RequestListener,
  headers: Record<string, string> = SESSION,
): Promise<ProxyRig> {
  const seen: ProxyRig['seen'] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    listener(request, response);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    socket.on('message', () => socket.send(`session ${String(request.headers['x-dev-session'])}`));
  });
  const targetPort = await listenOn(server, '127.0.0.1', 0);
  const proxy = await startSessionProxy({ target: new URL(`http://127.0.0.1:${targetPort}/`), headers });
  const { hostname, port } = new URL(proxy.url);
  return {
    proxy,
    targetPort,
    seen,
    send: (options) => sendRequest({ host: hostname, port: Number(port), ...options }),
    async [Symbol.asyncDispose]() {
      await proxy.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      for (const socket of sockets.clients) socket.terminate();
      await closed;
    },
  };
}

describe('the session proxy', () => {
  it('adds the session, a trace and the host of the target to every request', async () => {
    await using rig = await createProxyRig((request, response) => {
      void readText(request).then((text) => response.writeHead(201).end(`${request.method} ${text}`));
    });
    const answer = await rig.send({
      method: 'POST',
      path: '/a/b?c=d',
      headers: { 'content-length': '4' },
      body: 'body',
    });
    expect(answer).toMatchObject({ status: 201, body: 'POST body' });
    expect(rig.seen).toMatchObject([
      { url: '/a/b?c=d', headers: { ...SESSION, host: `127.0.0.1:${rig.targetPort}` } },
    ]);
    expect(rig.seen[0]?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('gives every request a trace of its own, and keeps the one that a caller has', async () => {
    await using rig = await createProxyRig((_, response) => response.end());
    await rig.send({});
    await rig.send({});
    const own = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await rig.send({ headers: { traceparent: own } });
    const traces = rig.seen.map(({ headers }) => headers['traceparent']);
    expect(new Set(traces).size).toBe(3);
    expect(traces[2]).toBe(own);
  });

  it('keeps the baggage of the caller, and takes its own word for the session', async () => {
    await using rig = await createProxyRig((_, response) => response.end());
    const headers = { baggage: 'user=ann,dev-session=pr-9', 'X-Dev-Session': 'pr-9' };
    await rig.send({ headers });
    expect(rig.seen[0]?.headers).toMatchObject({
      'x-dev-session': 'pr-4',
      baggage: 'user=ann,dev-session=pr-4',
    });
  });

  it('carries WebSockets', async () => {
    await using rig = await createProxyRig((_, response) => response.end());
    const socket = new WebSocket(rig.proxy.url.replace('http:', 'ws:'));
    await once(socket, 'open');
    socket.send('hello');
    const [data] = await once(socket, 'message');
    expect(String(data)).toBe('session pr-4');
    socket.terminate();
  });

  it('answers 503 when the target is away', async () => {
    const server = createServer();
    const port = await listenOn(server, '127.0.0.1', 0);
    server.close();
    const proxy = await startSessionProxy({ target: new URL(`http://127.0.0.1:${port}`), headers: SESSION });
    const answer = await sendRequest({ host: '127.0.0.1', port: Number(new URL(proxy.url).port) });
    expect(answer.status).toBe(503);
    await proxy.close();
  });

  it('refuses a target that is not http', async () => {
    await expect(startSessionProxy({ target: new URL('ftp://x.example'), headers: {} })).rejects.toThrow(
      'http URL',
    );
  });
});
