/** The finer points of HTTP/1.1 through the router: trailers, 100-continue, HEAD, HTTP/1.0, early hints, pipelining. */

import type { IncomingMessage, RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openRawConnection } from './raw-connection.ts';
import { createRouterRig, objectsOfOneApp, readText, type RigOptions, type RouterRig } from './router-rig.ts';

const PORT = 20_000;

async function rigWith(listener: RequestListener, options: RigOptions = {}): Promise<RouterRig> {
  const rig = await createRouterRig(options);
  const { port } = await rig.serve(listener);
  await rig.route(objectsOfOneApp(rig.address, port));
  return rig;
}

describe('the finer points of HTTP/1.1', () => {
  it('carries trailers both ways', async () => {
    const seen: IncomingMessage['trailers'][] = [];
    await using rig = await rigWith((request, response) => {
      request.resume().on('end', () => {
        seen.push(request.trailers);
        response.writeHead(200, { trailer: 'x-sum' });
        response.write('body');
        response.addTrailers({ 'x-sum': 'abc' });
        response.end();
      });
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write(
      'POST / HTTP/1.1\r\nHost: app\r\nTE: trailers\r\nTrailer: X-Up\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    caller.write('1\r\nx\r\n0\r\nX-Up: one\r\n\r\n');
    await caller.seen('0\r\nx-sum: abc\r\n\r\n');
    expect(seen).toEqual([{ 'x-up': 'one' }]);
  });

  it('asks the backend before a caller that expects 100 sends its body', async () => {
    await using rig = await rigWith((request, response) => {
      void readText(request).then((text) => response.end(`got ${text}`));
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('PUT / HTTP/1.1\r\nHost: app\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    await caller.seen('HTTP/1.1 100 Continue\r\n\r\n');
    caller.write('body');
    await caller.seen('got body');
  });

  it('passes on a refusal of such a body and closes the connection, whose next bytes nobody can tell', async () => {
    await using rig = await createRouterRig();
    const { port, server } = await rig.serve(() => undefined);
    server.on('checkContinue', (_, response) => {
      response.writeHead(413, { 'content-length': '0' });
      response.end();
    });
    await rig.route(objectsOfOneApp(rig.address, port));
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('PUT / HTTP/1.1\r\nHost: app\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n');
    const text = await caller.ended;
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text).toMatch(/connection: close/i);
  });

  it('answers HEAD with the headers of the body that is not there', async () => {
    await using rig = await rigWith((_, response) => {
      response.writeHead(200, { 'content-length': '1234' });
      response.end();
    });
    const answer = await rig.send(PORT, { method: 'HEAD' });
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([200, '1234', '']);
  });

  it.each([204, 304])('passes on %i, which has no body', async (status) => {
    await using rig = await rigWith((_, response) => {
      response.writeHead(status);
      response.end();
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\n\r\n');
    await caller.seen(`HTTP/1.1 ${status} `);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n');
    expect((await caller.ended).match(/HTTP\/1\.1 \d+/g)).toHaveLength(2);
  });

  it('serves HTTP/1.0 callers without chunks', async () => {
    await using rig = await rigWith((request, response) => {
      response.write(`${request.httpVersion} ${request.headers.host}`);
      response.end();
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('GET / HTTP/1.0\r\n\r\n');
    const text = await caller.ended;
    expect(text).toMatch(/\r\n\r\n1\.1 app\.staging$/);
    expect(text).not.toMatch(/transfer-encoding/i);
  });

  it('passes early hints on', async () => {
    await using rig = await rigWith((_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.end('page');
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\n\r\n');
    await caller.seen('page');
    expect(caller.received()).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nlink: <\/style\.css>/i);
  });

  it('keeps an answer that comes before the end of the upload, and lets the upload go on', async () => {
    await using rig = await rigWith((request, response) => {
      response.write('early ');
      void readText(request).then((text) => response.end(`then ${text.length}`));
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 6\r\n\r\nabc');
    await caller.seen('early ');
    caller.write('def');
    await caller.seen('then 6');
  });

  it('drops the rest of an upload that the backend answered at once, and reads the next request', async () => {
    await using rig = await rigWith((request, response) => {
      response.writeHead(request.method === 'POST' ? 413 : 200, {
        'content-length': '0',
        connection: 'close',
      });
      response.end();
    });
    using caller = await openRawConnection(rig.address, PORT);
    const size = 8 * 1_024 * 1_024;
    caller.write(`POST / HTTP/1.1\r\nHost: app\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}`);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n');
    expect((await caller.ended).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  it('answers requests that come one behind the other on one connection, in order', async () => {
    await using rig = await rigWith((request, response) => response.end(`[${request.url}]`));
    using caller = await openRawConnection(rig.address, PORT);
    caller.write(['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: app\r\n\r\n`).join(''));
    await caller.seen('[/3]');
    expect(caller.received().match(/\[.\d\]/g)).toEqual(['[/1]', '[/2]', '[/3]']);
  });
});
