/** Bodies, in both directions, as they come: nothing is held back and nothing is gathered up. */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openRawConnection } from './raw-connection.ts';
import {
  createRouterRig,
  objectsOfOneApp,
  readText,
  until,
  type RigOptions,
  type RouterRig,
} from './router-rig.ts';

const PORT = 20_000;

async function rigWith(listener: RequestListener, options: RigOptions = {}): Promise<RouterRig> {
  const rig = await createRouterRig(options);
  const { port } = await rig.serve(listener);
  await rig.route(objectsOfOneApp(rig.address, port));
  return rig;
}

describe('a body that is still being sent', () => {
  it('reaches the backend from its first byte, and the answer the caller from its first byte', async () => {
    const arrived: string[] = [];
    await using rig = await rigWith((request, response) => {
      response.writeHead(200);
      request.on('data', (chunk: Buffer) => {
        arrived.push(chunk.toString());
        response.write(`echo:${chunk.toString()};`);
      });
      request.on('end', () => response.end('done'));
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('POST / HTTP/1.1\r\nHost: app\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n');
    await caller.seen('echo:first;');
    expect(arrived).toEqual(['first']);
    caller.write('6\r\nsecond\r\n');
    await caller.seen('echo:second;');
    caller.write('0\r\n\r\n');
    await caller.seen('done');
  });

  it('has its head at the backend before there is a body, and the head of an answer at the caller', async () => {
    const heads: IncomingMessage[] = [];
    await using rig = await rigWith((request, response) => {
      heads.push(request);
      response.flushHeaders();
      request.resume();
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 4\r\n\r\n');
    await caller.seen('HTTP/1.1 200 OK');
    expect(heads).toHaveLength(1);
  });

  it('of many megabytes arrives whole, both ways', async () => {
    const size = 48 * 1_024 * 1_024;
    await using rig = await rigWith((request, response) => {
      response.writeHead(200, { 'content-length': request.headers['content-length'] });
      request.pipe(response);
    });
    const headers = { 'content-length': String(size) };
    const outgoing = httpRequest({ host: rig.address, port: PORT, method: 'POST', headers, agent: false });
    const chunk = Buffer.alloc(64 * 1_024, 'x');
    Readable.from(Array.from({ length: size / chunk.length }, () => chunk)).pipe(outgoing);
    const [incoming]: IncomingMessage[] = await once(outgoing, 'response');
    let received = 0;
    for await (const part of incoming ?? []) received += Buffer.byteLength(part);
    expect(received).toBe(size);
  });
});

describe('back-pressure', () => {
  it('stops the backend when the caller does not read', async () => {
    const size = 64 * 1_024 * 1_024;
    let written = 0;
    await using rig = await rigWith((_, response) => {
      const chunk = Buffer.alloc(64 * 1_024);
      const write = (): void => {
        while (written < size) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', write);
            return;
          }
        }
        response.end();
      };
      write();
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.socket.pause();
    caller.write('GET / HTTP/1.1\r\nHost: app\r\n\r\n');
    let before = -1;
    // Stands still: the buffers of the kernel and of the streams are full.
    await until(async () => {
      const isStill = written > 0 && written === before;
      before = written;
      await sleep(100);
      return isStill && written === before;
    });
    expect(written).toBeLessThan(size / 2);
    caller.socket.destroy();
  });

  it('stops the caller when the backend does not read', async () => {
    await using rig = await rigWith((request) => request.pause(), { drainMs: 50 });
    const outgoing = httpRequest({ host: rig.address, port: PORT, method: 'POST', agent: false });
    outgoing.on('error', () => undefined);
    const chunk = Buffer.alloc(64 * 1_024);
    const limit = 64 * 1_024 * 1_024;
    let written = 0;
    let isBlocked = false;
    const write = (): void => {
      isBlocked = false;
      while (written < limit && !isBlocked) {
        written += chunk.length;
        isBlocked = !outgoing.write(chunk);
      }
    };
    outgoing.on('drain', write);
    write();
    let before = -1;
    await until(async () => {
      const isStill = isBlocked && written === before;
      before = written;
      await sleep(100);
      return isStill && written === before;
    });
    expect(written).toBeLessThan(limit / 2);
    outgoing.destroy();
  });
});

describe('a side that goes away', () => {
  it('ends the request at the backend when it is the caller', async () => {
    const gone = Promise.withResolvers<void>();
    await using rig = await rigWith((request, response) => {
      response.write('begun');
      request.socket.once('close', () => gone.resolve());
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\n\r\n');
    await caller.seen('begun');
    caller.socket.destroy();
    await gone.promise;
  });

  it('ends an upload at the backend when it is the caller', async () => {
    const gone = Promise.withResolvers<boolean>();
    await using rig = await rigWith((request) => {
      request.resume();
      request.on('error', () => undefined);
      request.once('close', () => gone.resolve(request.complete));
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('POST / HTTP/1.1\r\nHost: app\r\nContent-Length: 100\r\n\r\npart');
    await until(() => rig.router.table().byPort.size === 1);
    caller.socket.end();
    caller.socket.destroy();
    expect(await gone.promise).toBe(false);
  });

  it('cuts the answer off when it is the backend, so that nobody takes it for whole', async () => {
    await using rig = await rigWith((_, response) => {
      response.writeHead(200);
      response.write('begun', () => response.destroy());
    });
    using caller = await openRawConnection(rig.address, PORT);
    caller.write('GET / HTTP/1.1\r\nHost: app\r\n\r\n');
    const text = await caller.ended;
    expect(text).toContain('begun');
    expect(text).not.toContain('\r\n0\r\n\r\n');
  });

  it('gives 502 when it is the backend before its answer', async () => {
    await using rig = await rigWith((request) => request.socket.destroy());
    const answer = await rig.send(PORT, { method: 'POST', body: 'x', headers: { 'content-length': '1' } });
    expect(answer.status).toBe(502);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });
});

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
