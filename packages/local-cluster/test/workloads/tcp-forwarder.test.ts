/** The forwarder of a service: turns, dead endpoints, half-closed and broken connections. */

import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import {
  startTcpForwarder,
  type Endpoint,
  type TcpForwarder,
} from '../../src/workloads/network/tcp-forwarder.ts';
import { describeLocally } from '../local-only.ts';

const open: (Server | TcpForwarder)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await Promise.resolve(each.close());
});

/** A server that answers its name when the client has said all. */
async function startServer(name: string): Promise<Endpoint> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('end', () => socket.end(`${name}:${text}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return { address: '127.0.0.1', port: portOf(server) };
}

/** Nothing listens on it: nobody is given a port as low as this. */
const DEAD_ENDPOINT: Endpoint = { address: '127.0.0.1', port: 1 };

async function forwardTo(endpoints: () => readonly Endpoint[]): Promise<number> {
  const forwarder = await startTcpForwarder('127.0.0.1', 0, endpoints);
  open.push(forwarder);
  return forwarder.port;
}

async function talk(port: number, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let answer = '';
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.on('end', () => resolve(answer)).on('error', reject);
  socket.end(text);
  return await promise;
}

describeLocally('a TCP forwarder', () => {
  it('takes the endpoints in turn and passes on the end of each side', async () => {
    const endpoints = [await startServer('one'), await startServer('two')];
    const port = await forwardTo(() => endpoints);
    const answers = [await talk(port, 'a'), await talk(port, 'b'), await talk(port, 'c')];
    expect(answers.map((answer) => answer.split(':')[1])).toEqual(['a', 'b', 'c']);
    expect(new Set(answers.map((answer) => answer.split(':')[0]))).toEqual(new Set(['one', 'two']));
  });

  it('goes on to the next endpoint when one does not accept', async () => {
    const endpoints = [DEAD_ENDPOINT, await startServer('alive'), DEAD_ENDPOINT];
    const port = await forwardTo(() => endpoints);
    for (const text of ['a', 'b', 'c']) expect(await talk(port, text)).toBe(`alive:${text}`);
  });

  it.each([70_000, -1, 0, 1.5])('goes on to the next endpoint after the port %d', async (port) => {
    const endpoints = [{ address: '127.0.0.1', port }, await startServer('alive')];
    const listening = await forwardTo(() => endpoints);
    for (const text of ['a', 'b']) expect(await talk(listening, text)).toBe(`alive:${text}`);
  });

  it('resets the connection when there is no endpoint', async () => {
    const port = await forwardTo(() => []);
    await expect(talk(port, 'a')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('carries large content in both directions unchanged', async () => {
    const endpoint = await startServer('big');
    const port = await forwardTo(() => [endpoint]);
    const text = 'x'.repeat(5_000_000);
    expect(await talk(port, text)).toBe(`big:${text}`);
  });

  it('asks for the endpoints anew for every connection', async () => {
    const endpoints = [await startServer('first')];
    const port = await forwardTo(() => endpoints);
    expect(await talk(port, 'a')).toBe('first:a');
    endpoints[0] = await startServer('second');
    expect(await talk(port, 'b')).toBe('second:b');
  });
});

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
