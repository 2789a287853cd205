/** Senders that hold a connection or fill it: each is let go of, and nobody else notices. */

import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';

const MAX_BODY_BYTES = 256 * 1024;
const MIB = 1024 * 1024;
/** The service waits 10 s for headers, and looks every few seconds. */
const SLOW_TIMEOUT_MS = 60_000;

let rig: Rig;

beforeAll(async () => {
  rig = await startRig({ env: { TEKTON_DAG_MAX_BODY_BYTES: String(MAX_BODY_BYTES) } });
});
afterAll(async () => rig[Symbol.asyncDispose]());

interface Caller {
  readonly socket: Socket;
  /** What was received when the service ended the connection. */
  readonly ended: Promise<string>;
}

function call(text: string): Caller {
  const socket = connect(Number(new URL(rig.url).port), '127.0.0.1');
  socket.write(text);
  const ended = new Promise<string>((resolve) => {
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
    });
    // A reset is an end as well.
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
  return { socket, ended };
}

const head = (lines: readonly string[]): string =>
  ['POST /webhook/github HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...lines].join(
    '\r\n',
  );

it('ends connections that send their headers a byte at a time', { timeout: SLOW_TIMEOUT_MS }, async () => {
  const slow = Array.from({ length: 50 }, () =>
    call('POST /webhook/github HTTP/1.1\r\nHost: localhost\r\nX-A: '),
  );
  const drip = setInterval(() => slow.forEach(({ socket }) => socket.write('a')), 1_000);
  expect(await rig.deliver(pullRequestPayload({ number: 1 }))).toMatchObject({ code: 202 });
  const answers = await Promise.all(slow.map(({ ended }) => ended));
  clearInterval(drip);
  expect(answers.filter((text) => !text.startsWith('HTTP/1.1 408'))).toEqual([]);
});

it('refuses a body of 30 MB by its declared length, before it comes', async () => {
  const { ended } = call(`${head([`Content-Length: ${30 * MIB}`])}\r\n\r\n{`);
  expect(await ended).toMatch(/^HTTP\/1.1 413 .*\r\nconnection: close\r\n/is);
});

it('refuses a body of 30 MB in chunks as soon as it is too long', async () => {
  const { socket, ended } = call(`${head(['Transfer-Encoding: chunked'])}\r\n\r\n`);
  const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
  let sentBytes = 0;
  while (sentBytes < 30 * MIB && !socket.destroyed) {
    sentBytes += chunk.length;
    if (!socket.write(chunk))
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), ended]);
  }
  expect(await ended).toMatch(/^(HTTP\/1.1 413 |$)/);
  expect(sentBytes).toBeLessThan(30 * MIB);
});

it('holds no more unverified bodies at once than it can, and is free again afterwards', async () => {
  const part = ' '.repeat(MAX_BODY_BYTES - 1);
  const open = Array.from({ length: 12 }, () =>
    call(`${head([`Content-Length: ${MAX_BODY_BYTES}`])}\r\n\r\n${part}`),
  );
  const refused = await Promise.any(open.map(({ ended }) => ended));
  expect(refused).toMatch(/^HTTP\/1.1 503 /);
  open.forEach(({ socket }) => socket.destroy());
  await Promise.all(open.map(({ ended }) => ended));
  await expect
    .poll(async () => (await rig.deliver(pullRequestPayload({ number: 2 }))).code, { timeout: 30_000 })
    .toBe(202);
});

it('answers what is no HTTP at all with 400 and lives on', async () => {
  const { ended } = call('\u0016\u0003\u0001 hello\r\n\r\n');
  expect(await ended).toMatch(/^HTTP\/1.1 400 /);
  const signed = signDelivery(pullRequestPayload({ number: 3 }), { secret: WEBHOOK_SECRET });
  expect((await rig.send(signed)).status).toBe(202);
});
