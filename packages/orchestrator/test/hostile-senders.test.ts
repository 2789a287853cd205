/** Senders that hold a connection or fill it: each is let go of, and nobody else notices. */

import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';

const MAX_BODY_BYTES = 256 * 1024;
const MIB = 1024 * 1024;
/** More than the service reads of anybody. */
const ENDLESS_BYTES = 512 * MIB;
/** The service waits 10 s for headers, and looks every 30 s. */
const SLOW_TIMEOUT_MS = 180_000;

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

it('refuses a body of 30 MB by its declared length, before it comes, and waits for the rest only so long', async () => {
  const { ended } = call(`${head([`Content-Length: ${30 * MIB}`])}\r\n\r\n{`);
  expect(await ended).toMatch(/^HTTP\/1.1 413 .*\r\nconnection: close\r\n.*"body-too-large"/is);
});

/** Sends pieces until that is all or the connection is lost; resolves with the number of bytes. */
async function pour({ socket, ended }: Caller, piece: string, totalBytes: number): Promise<number> {
  let sentBytes = 0;
  while (sentBytes < totalBytes && !socket.destroyed) {
    sentBytes += piece.length;
    if (!socket.write(piece))
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), ended]);
  }
  return sentBytes;
}

it('lets go of a sender whose body never ends', async () => {
  const endless = call(`${head(['Transfer-Encoding: chunked'])}\r\n\r\n`);
  const sentBytes = await pour(endless, `10000\r\n${' '.repeat(0x10000)}\r\n`, ENDLESS_BYTES);
  expect(await endless.ended).toMatch(/^(HTTP\/1.1 413 |$)/);
  expect(sentBytes).toBeLessThan(ENDLESS_BYTES);
});

it.each([
  ['is too large', 413, '/webhook/github', 'application/json'],
  ['is of another type', 415, '/webhook/github', 'text/plain'],
  ['comes without a token', 401, '/api/run', 'application/json'],
])('is heard by who listens only after all of a body that %s: %i', async (_, status, path, type) => {
  const lines = [`Content-Type: ${type}`, `Content-Length: ${8 * MIB}`, 'Connection: close'];
  const { socket, ended } = call([`POST ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n'));
  socket.pause();
  await pour({ socket, ended }, ' '.repeat(16 * 1024), 8 * MIB);
  socket.resume();
  expect(await ended).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
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
