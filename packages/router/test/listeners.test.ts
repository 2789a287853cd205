/** The ports of the router follow the Services; backends that come and go are noticed at once. */
import { createServer } from 'node:net';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { endpointSliceOf, routedServiceOf, serviceRouteOf } from '../src/testing/index.ts';
import { listenOn } from '../src/listen-on.ts';
import { openRawConnection } from './raw-connection.ts';
import { createRouterRig, objectsOfOneApp, readText, until } from './router-rig.ts';

const PORT = 20_000;

describe('ports', () => {
  it('open with their Service and close without it, and an exchange that is under way ends well', async () => {
    await using rig = await createRouterRig();
    const { port } = await rig.serve((request, response) => {
      response.write('begun ');
      void readText(request).then(() => response.end('finished'));
    });
    await rig.route(objectsOfOneApp(rig.address, port));
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 1\r\n\r\n');
    await caller.seen('begun ');
    await rig.route({ services: [], httpRoutes: [], endpointSlices: [] });
    await until(() =>
      rig.send(PORT).then(
        () => false,
        (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
      ),
    );
    caller.write('x');
    await caller.seen('finished');
    await rig.route(objectsOfOneApp(rig.address, port));
    expect((await rig.send(PORT, { method: 'POST', body: '' })).status).toBe(200);
  });

  it('that stay are not touched by a change: connections live on and see it', async () => {
    await using rig = await createRouterRig();
    const first = await rig.serve((_, response) => response.end('first;'));
    const second = await rig.serve((_, response) => response.end('second;'));
    await rig.route(objectsOfOneApp(rig.address, first.port));
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\n\r\n');
    await caller.seen('first;');
    const before = rig.router.table();
    await rig.route(objectsOfOneApp(rig.address, second.port));
    await until(() => rig.router.table() !== before);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\n\r\n');
    await caller.seen('second;');
  });

  it('tell Services apart, whatever the Host says', async () => {
    await using rig = await createRouterRig();
    const slices = [];
    for (const name of ['one', 'two']) {
      const { port } = await rig.serve((_, response) => response.end(name));
      slices.push(
        ...endpointSliceOf({
          service: `${name}-baseline`,
          endpoints: [{ address: rig.address, port, pod: name }],
        }),
      );
    }
    await rig.route({
      services: [
        routedServiceOf({ name: 'one', port: PORT }),
        routedServiceOf({ name: 'two', port: PORT + 1 }),
      ],
      httpRoutes: [serviceRouteOf({ service: 'one' }), serviceRouteOf({ service: 'two' })],
      endpointSlices: slices,
    });
    expect((await rig.send(PORT, { headers: { host: 'two' } })).body).toBe('one');
    expect((await rig.send(PORT + 1, { headers: { host: 'one' } })).body).toBe('two');
  });

  it('that are taken make the router not ready, and open when they become free', async () => {
    await using rig = await createRouterRig();
    const squatter = createServer();
    await listenOn(squatter, rig.address, PORT);
    rig.source.set(objectsOfOneApp(rig.address, 1));
    await until(() => rig.router.table().byPort.size === 1);
    await until(async () => (await rig.admin('/readyz')).status === 503);
    squatter.close();
    await until(async () => (await rig.admin('/readyz')).status === 200);
    expect((await rig.send(PORT)).status).toBe(503);
  });
});

describe('endpoints', () => {
  it('that refuse connections are passed over, body and all', async () => {
    await using rig = await createRouterRig();
    const { port } = await rig.serve((request, response) => {
      void readText(request).then((text) => response.end(`got ${text}`));
    });
    const closed = createServer();
    const closedPort = await listenOn(closed, rig.address, 0);
    closed.close();
    const dead = { address: rig.address, port: closedPort, pod: 'dead' };
    await rig.route({
      ...objectsOfOneApp(rig.address, port),
      endpointSlices: [
        ...endpointSliceOf({ service: 'app-baseline', endpoints: [dead] }),
        ...endpointSliceOf({
          service: 'app-baseline',
          endpoints: [{ address: rig.address, port, pod: 'alive' }],
        }),
      ],
    });
    for (let count = 0; count < 10; count += 1) {
      const answer = await rig.send(PORT, {
        method: 'POST',
        headers: { 'content-length': '4' },
        body: 'body',
      });
      expect(answer.body).toBe('got body');
    }
  });

  it('that all refuse make 503', async () => {
    await using rig = await createRouterRig();
    const closed = createServer();
    const port = await listenOn(closed, rig.address, 0);
    closed.close();
    await rig.route(objectsOfOneApp(rig.address, port));
    const answer = await rig.send(PORT);
    expect([answer.status, answer.headers['content-type']]).toEqual([503, 'application/problem+json']);
  });

  it('that are missing make 503 for a large upload too, and the connection can be used again', async () => {
    await using rig = await createRouterRig();
    await rig.route({ ...objectsOfOneApp(rig.address, 1), endpointSlices: [] });
    using caller = await openRawConnection(rig.address, PORT);
    const size = 4 * 1_024 * 1_024;
    caller.write(`POST / HTTP/1.1\r\nHost: app\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n');
    expect((await caller.ended).match(/HTTP\/1\.1 503/g)).toHaveLength(2);
  });

  it('that were restarted are reached although old connections to them were kept', async () => {
    await using rig = await createRouterRig();
    const listener = (_: IncomingMessage, response: { end: (text: string) => void }) => response.end('ok');
    const { port, server } = await rig.serve(listener);
    await rig.route(objectsOfOneApp(rig.address, port));
    expect((await rig.send(PORT)).status).toBe(200);
    server.closeAllConnections();
    const closed = once(server, 'close');
    server.close();
    await closed;
    await listenOn(server, rig.address, port);
    for (let count = 0; count < 5; count += 1) expect((await rig.send(PORT)).status).toBe(200);
  });

  it('that do not accept in time make 504', async () => {
    await using rig = await createRouterRig({ connectTimeoutMs: 50 });
    // TEST-NET-1 (RFC 5737) is routed nowhere; where a network answers for it at once the router says 503.
    await rig.route(objectsOfOneApp('192.0.2.1', 9));
    expect([503, 504]).toContain((await rig.send(PORT)).status);
  });
});

describe('routes', () => {
  it('that match nothing make 404, and those that cannot be kept 500', async () => {
    await using rig = await createRouterRig();
    const rules = [
      {
        matches: [{ path: { value: '/odd' } }],
        filters: [{ type: 'RequestMirror' }],
        backendRefs: [{ name: 'x' }],
      },
    ];
    await rig.route({
      services: [routedServiceOf({ name: 'app', port: PORT })],
      httpRoutes: [serviceRouteOf({ service: 'app', rules })],
      endpointSlices: [],
    });
    expect((await rig.send(PORT, { path: '/' })).status).toBe(404);
    const refused = await rig.send(PORT, { path: '/odd' });
    expect([refused.status, refused.body]).toEqual([500, expect.stringContaining('RequestMirror')]);
  });

  it('change headers where a filter says so', async () => {
    await using rig = await createRouterRig();
    const { port } = await rig.serve((request, response) => {
      response.writeHead(200, {
        'x-drop': '1',
        'x-got': `${String(request.headers['x-set'])} ${String(request.headers['x-gone'])}`,
      });
      response.end();
    });
    const filters = [
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'x-set', value: 'new' }], remove: ['X-Gone'] },
      },
      {
        type: 'ResponseHeaderModifier',
        responseHeaderModifier: { add: [{ name: 'x-more', value: '2' }], remove: ['x-drop'] },
      },
    ];
    await rig.route({
      ...objectsOfOneApp(rig.address, port),
      httpRoutes: [
        serviceRouteOf({ service: 'app', rules: [{ filters, backendRefs: [{ name: 'app-baseline' }] }] }),
      ],
    });
    const { headers } = await rig.send(PORT, { headers: { 'X-Set': 'old', 'X-Gone': 'here' } });
    expect(headers).toMatchObject({ 'x-got': 'new undefined', 'x-more': '2' });
    expect(headers['x-drop']).toBeUndefined();
  });
});

describe('closing the router', () => {
  it('lets exchanges finish and refuses new connections', async () => {
    await using rig = await createRouterRig({ drainMs: 60_000 });
    const { port } = await rig.serve((request, response) => {
      response.write('begun ');
      void readText(request).then(() => response.end('finished'));
    });
    await rig.route(objectsOfOneApp(rig.address, port));
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 1\r\n\r\n');
    await caller.seen('begun ');
    const closed = rig.router.close();
    await until(() =>
      rig.send(PORT).then(
        () => false,
        () => true,
      ),
    );
    expect((await rig.admin('/readyz')).status).toBe(503);
    caller.write('x');
    await caller.seen('finished');
    await closed;
  });

  it('cuts what does not finish in time', async () => {
    await using rig = await createRouterRig({ drainMs: 50 });
    const { port } = await rig.serve((_, response) => response.write('for ever'));
    await rig.route(objectsOfOneApp(rig.address, port));
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\n\r\n');
    await caller.seen('for ever');
    await rig.router.close();
    expect(await caller.ended).toContain('for ever');
  });
});

describe('many connections', () => {
  it('are served at once', async () => {
    await using rig = await createRouterRig();
    const waiting: (() => void)[] = [];
    const total = 300;
    const { port } = await rig.serve((_, response) => {
      waiting.push(() => response.end('ok'));
      // Nobody is answered before all are there.
      if (waiting.length === total) for (const answer of waiting) answer();
    });
    await rig.route(objectsOfOneApp(rig.address, port));
    const answers = await Promise.all(
      Array.from({ length: total }, async () => {
        const outgoing = httpRequest({ host: rig.address, port: PORT, agent: false });
        outgoing.end();
        const [incoming]: IncomingMessage[] = await once(outgoing, 'response');
        incoming?.resume();
        return incoming?.statusCode;
      }),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(total);
  });
});
