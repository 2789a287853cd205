/** Bodies, in both directions, as they come: nothing is held back and nothing is gathered up. */

import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openRawConnection } from './raw-connection.ts';
import { createRouterRig, objectsOfOneApp, until, type RigOptions, type RouterRig } from './router-rig.ts';

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
