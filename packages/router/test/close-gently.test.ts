/** Answers that come before the caller has sent everything, on connections that end with them. */
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startSessionProxy } from '../src/index.ts';
import { createRouterRig, objectsOfOneApp, type RouterRig } from './router-rig.ts';

const PORT = 20_000;
const SIZE_BYTES = 4 * 1_024 * 1_024;
const UPLOAD = `POST / HTTP/1.1\r\nHost: app\r\nConnection: close\r\nContent-Length: ${SIZE_BYTES}\r\n\r\n${'x'.repeat(SIZE_BYTES)}`;

/** Sends all of it and reads to the end; a broken pipe or a reset is what the caller sees then. */
async function exchange(port: number, host: string, bytes: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host, port });
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => (text += chunk));
  socket.once('error', reject).once('close', () => resolve(text));
  socket.write(bytes, 'latin1');
  return await promise;
}

async function rigThatRefuses(): Promise<RouterRig & { readonly appPort: number }> {
  const rig = await createRouterRig();
  const { port } = await rig.serve((_, response) => {
    response.writeHead(413, { 'content-length': '8', connection: 'close' });
    response.end('too much');
  });
  await rig.route(objectsOfOneApp(rig.address, port));
  return { ...rig, appPort: port };
}

it('of the backend reaches a caller that still uploads', async () => {
  await using rig = await rigThatRefuses();
  expect(await exchange(PORT, rig.address, UPLOAD)).toMatch(/^HTTP\/1\.1 413 [^]*too much$/);
});

it('of the router itself reaches a caller that still uploads', async () => {
  await using rig = await createRouterRig();
  await rig.route({ ...objectsOfOneApp(rig.address, 1), endpointSlices: [] });
  expect(await exchange(PORT, rig.address, UPLOAD)).toMatch(/^HTTP\/1\.1 503 [^]*no ready endpoint/);
});

it('to a head that is too large reaches a caller that still sends it', async () => {
  await using rig = await rigThatRefuses();
  const head = `GET / HTTP/1.1\r\nHost: app\r\nX-A: ${'a'.repeat(SIZE_BYTES)}\r\n\r\n`;
  expect(await exchange(PORT, rig.address, head)).toMatch(/^HTTP\/1\.1 431 /);
});

it('to an upgrade reaches a caller that already sends messages', async () => {
  await using rig = await rigThatRefuses();
  const head = 'GET / HTTP/1.1\r\nHost: app\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
  const refused = await exchange(PORT, rig.address, head + 'x'.repeat(SIZE_BYTES));
  expect(refused).toMatch(/^HTTP\/1\.1 413 [^]*too much$/);
  await rig.route({ ...objectsOfOneApp(rig.address, 1), endpointSlices: [] });
  const unanswered = await exchange(PORT, rig.address, head + 'x'.repeat(SIZE_BYTES));
  expect(unanswered).toMatch(/^HTTP\/1\.1 50[23] /);
});

it('of a target reaches a test tool that still uploads through the session proxy', async () => {
  await using rig = await rigThatRefuses();
  const proxy = await startSessionProxy({
    target: new URL(`http://${rig.address}:${rig.appPort}`),
    headers: {},
  });
  const text = await exchange(Number(new URL(proxy.url).port), '127.0.0.1', UPLOAD);
  await proxy.close();
  expect(text).toMatch(/^HTTP\/1\.1 413 [^]*too much$/);
});

it('ends the connection: what follows a refused body that was withheld is no request', async () => {
  const urls: string[] = [];
  await using rig = await createRouterRig();
  const { port, server } = await rig.serve((request) => void urls.push(request.url ?? ''));
  server.on('checkContinue', (_, response) => response.writeHead(413, { 'content-length': '0' }).end());
  await rig.route(objectsOfOneApp(rig.address, port));
  const withheld = 'PUT / HTTP/1.1\r\nHost: app\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n';
  const socket = connect({ host: rig.address, port: PORT });
  let text = '';
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    socket.write('bodyGET /next HTTP/1.1\r\nHost: app\r\n\r\n');
  });
  socket.once('close', () => resolve()).once('error', () => resolve());
  socket.write(withheld);
  await closed;
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413']);
  expect(urls).toEqual([]);
});
