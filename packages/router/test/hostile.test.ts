/** Requests and answers made to confuse: they are refused, and do not reach or harm anybody else. */
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { interceptRouteOf, endpointSliceOf, routedServiceOf, serviceRouteOf } from '../src/testing/index.ts';
import { listenOn } from '../src/listen-on.ts';
import { openRawConnection } from './raw-connection.ts';
import { createRouterRig, objectsOfOneApp, type RouterRig } from './router-rig.ts';

const PORT = 20_000;

async function rigThatCounts(): Promise<{ rig: RouterRig; urls: string[] }> {
  const rig = await createRouterRig();
  const urls: string[] = [];
  const { port } = await rig.serve((request, response) => {
    urls.push(request.url ?? '');
    request.resume();
    response.end('ok');
  });
  await rig.route(objectsOfOneApp(rig.address, port));
  return { rig, urls };
}

async function exchange(rig: RouterRig, bytes: string): Promise<string> {
  using caller = await openRawConnection(rig.address, PORT);
  caller.write(bytes);
  return await caller.ended;
}

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: app\r\n\r\n';

describe('a request whose end can be read in two ways', () => {
  it.each([
    ['a length and chunks', `Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['chunks and a length', `Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['two different lengths', `Content-Length: 3\r\nContent-Length: 50\r\n\r\nabc${SMUGGLED}`],
    ['the same length twice', `Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc${SMUGGLED}`],
    ['a list of lengths', `Content-Length: 3, 3\r\n\r\nabc${SMUGGLED}`],
    ['a length that is no number', `Content-Length: +3\r\n\r\nabc${SMUGGLED}`],
    ['a coding that is not chunked last', `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['a coding that is misspelled', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['a space before the colon', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['a folded header', `X-A: b\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['a bare carriage return in a header', `X-A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`],
    ['a chunk size that overflows', `Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n${SMUGGLED}`],
    [
      'a chunk size that is no number',
      `Transfer-Encoding: chunked\r\n\r\n0x5\r\nabcde\r\n0\r\n\r\n${SMUGGLED}`,
    ],
  ])('such as %s is refused, and what follows it is not read', async (_, rest) => {
    const { rig, urls } = await rigThatCounts();
    await using _rig = rig;
    const text = await exchange(rig, `POST /first HTTP/1.1\r\nHost: app\r\n${rest}`);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(urls).not.toContain('/smuggled');
  });
});

describe('a malformed request', () => {
  it.each([
    ['not HTTP', 'hello there\r\n\r\n'],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: app\r\nX-A: a\0b\r\n\r\n'],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nHost: app\r\n\r\n'],
    ['an unknown version', 'GET / HTTP/9.9\r\nHost: app\r\n\r\n'],
    ['a header without a colon', 'GET / HTTP/1.1\r\nHost: app\r\nX-A\r\n\r\n'],
  ])('with %s is refused', async (_, bytes) => {
    const { rig, urls } = await rigThatCounts();
    await using _rig = rig;
    expect(await exchange(rig, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(urls).toEqual([]);
  });

  it('with headers beyond 32 KiB gets 431', async () => {
    const { rig, urls } = await rigThatCounts();
    await using _rig = rig;
    const text = await exchange(rig, `GET / HTTP/1.1\r\nHost: app\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(urls).toEqual([]);
  });

  it('does not disturb others on their own connections', async () => {
    const { rig } = await rigThatCounts();
    await using _rig = rig;
    using bystander = await openRawConnection(rig.address, PORT);
    bystander.write('GET /1 HTTP/1.1\r\nHost: app\r\n\r\n');
    await bystander.seen('ok');
    await exchange(rig, 'POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n');
    bystander.write('GET /2 HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n');
    expect((await bystander.ended).match(/200 OK/g)).toHaveLength(2);
  });
});

describe('headers that a caller makes up', () => {
  it('cannot forge who served the request, nor leave two callers', async () => {
    await using rig = await createRouterRig();
    const seen: string[][] = [];
    const { port } = await rig.serve((request, response) => {
      seen.push(request.rawHeaders);
      response.writeHead(200, { 'X-Tekton-Dag-Served-By': 'forged/forged' });
      response.end();
    });
    await rig.route({
      services: [routedServiceOf({ name: 'app', port: PORT })],
      httpRoutes: [serviceRouteOf({ service: 'app' }), interceptRouteOf({ service: 'app', session: 'pr-4' })],
      endpointSlices: [
        ...endpointSliceOf({
          service: 'app-baseline',
          endpoints: [{ address: rig.address, port, pod: 'base-0' }],
        }),
        ...endpointSliceOf({
          service: 'app-pr-4',
          endpoints: [{ address: rig.address, port, pod: 'four-0' }],
        }),
      ],
    });
    const headers = [
      'Host',
      'app',
      'X-Dev-Session',
      'pr-4',
      'baggage',
      'tekton-dag-hop=evil,a=b',
      'Baggage',
      'c=d',
    ];
    const answer = await rig.send(PORT, { headers });
    expect(answer.headers['x-tekton-dag-served-by']).toBe('app-pr-4/four-0');
    const baggage = seen[0]?.filter((_, at, all) => at % 2 === 1 && all[at - 1]?.toLowerCase() === 'baggage');
    expect(baggage).toEqual(['a=b,c=d,tekton-dag-hop=app']);
  });

  it('of the connection are not passed on, nor do they take others away', async () => {
    const seen: string[][] = [];
    await using rig = await createRouterRig();
    const { port } = await rig.serve((request, response) => {
      seen.push(request.rawHeaders);
      response.end();
    });
    await rig.route(objectsOfOneApp(rig.address, port));
    const headers = [
      'Host',
      'app',
      'Connection',
      'X-Secret, Host',
      'X-Secret',
      '1',
      'Keep-Alive',
      '9',
      'X-Kept',
      '2',
    ];
    await rig.send(PORT, { headers });
    expect(seen).toEqual([['Host', 'app', 'X-Kept', '2', 'Connection', 'keep-alive']]);
  });

  it('with values of any byte that HTTP allows arrive as they are', async () => {
    const { rig } = await rigThatCounts();
    await using _rig = rig;
    const value = '"$(id)" `ls` \xe9\xff\t; {{x}} %0d%0a';
    const seen: (string | undefined)[] = [];
    const { port } = await rig.serve((request, response) => {
      seen.push(request.rawHeaders[request.rawHeaders.indexOf('X-Odd') + 1]);
      response.end();
    });
    await rig.route(objectsOfOneApp(rig.address, port));
    await exchange(rig, `GET / HTTP/1.1\r\nHost: app\r\nX-Odd: ${value}\r\nConnection: close\r\n\r\n`);
    expect(seen).toEqual([value]);
  });
});

describe('a backend that does not keep to HTTP', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef'],
    ['headers beyond 32 KiB', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(40_000)}\r\n\r\n`],
  ])('and answers with %s makes 502', async (_, bytes) => {
    await using rig = await createRouterRig();
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes, 'latin1'));
    });
    const port = await listenOn(server, rig.address, 0);
    await rig.route(objectsOfOneApp(rig.address, port));
    expect((await rig.send(PORT)).status).toBe(502);
    server.close();
  });
});
