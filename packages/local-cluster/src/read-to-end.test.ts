import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { readToEnd } from './read-to-end.ts';

const DAY_MS = 86_400_000;

it('waits for the last byte', async () => {
  const incoming = new PassThrough();
  incoming.write('a'.repeat(100_000));
  let done = false;
  const reading = readToEnd(incoming, DAY_MS).then(() => (done = true));
  await new Promise(setImmediate);
  expect(done).toBe(false);
  incoming.end();
  await reading;
  expect(incoming.readableLength).toBe(0);
});

it('waits for nothing where all was read already', async () => {
  const incoming = new PassThrough();
  incoming.resume().end();
  await new Promise((resolve) => incoming.once('end', resolve));
  await readToEnd(incoming, DAY_MS);
});

it('ends with the connection', async () => {
  const incoming = new PassThrough();
  const reading = readToEnd(incoming, DAY_MS);
  incoming.destroy();
  await reading;
  await readToEnd(incoming, DAY_MS);
});

it('ends with its patience when the sender never ends', async () => {
  await readToEnd(new PassThrough(), 1);
});
