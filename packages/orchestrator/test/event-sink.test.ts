/** How sending to the sink goes on: while the sink is away, and after another replica has sent. */

import { openStore, type Store } from '@tekton-dag/store';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../src/metrics.ts';
import { runEvents } from '../src/telemetry/run-events.ts';
import { CURSOR_NAME, sendEvents } from '../src/telemetry/send-events.ts';
import { runRow } from '../src/testing/report-rows.ts';
import { eventually } from './eventually.ts';

const AGE_MS = 3_600_000;

let directory: string;
let store: Store;
let sink: Server;
let metrics: Metrics;
let stop: AbortController;
let sending: Promise<void>;
/** Of the events that the sink took. */
let taken: string[];
/** What the sink does before it answers, and what then. */
let answer: () => Promise<number>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-event-sink-'));
  store = await openStore({ url: `sqlite:${join(directory, 'store.sqlite')}` });
  metrics = createMetrics('test');
  stop = new AbortController();
  taken = [];
  answer = async () => 202;
  sink = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (text: string) => (body += text));
    request.on('end', () => {
      void answer().then((status) => {
        const { subject }: { subject: string } = JSON.parse(body);
        if (status === 202) taken.push(subject);
        response.writeHead(status).end();
      });
    });
  }).listen(0, '127.0.0.1');
  await once(sink, 'listening');
});
afterEach(async () => {
  stop.abort();
  await sending;
  sink.closeAllConnections();
  await new Promise((resolve) => void sink.close(resolve));
  await store.close();
  await rm(directory, { recursive: true });
});

/** Resolves when it knows where to begin. */
async function startSending(): Promise<void> {
  const address = sink.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const options = {
    store,
    metrics,
    log: pino({ level: 'silent' }),
    sink: { url: `http://127.0.0.1:${port}/`, token: undefined },
    installation: { source: 'urn:test', publicUrl: undefined },
  };
  sending = sendEvents(options, stop.signal);
  await eventually(() => store.cursors.get(CURSOR_NAME)).toBeDefined();
}

/** A run that came into the queue an hour ago; gives the place of the event. */
async function queue(name: string): Promise<number> {
  const row = runRow({
    name,
    state: 'pending',
    createdAtMs: Date.now() - AGE_MS,
    startedAtMs: undefined,
    finishedAtMs: undefined,
  });
  const [event] = runEvents(undefined, row);
  if (event === undefined) throw new Error('a new run is an event');
  return (await store.events.append(event)) ?? 0;
}

const lagSeconds = async (): Promise<number> => (await metrics.eventSinkLag.get()).values[0]?.value ?? 0;

it('tells how far behind it is for as long as the sink is away, and nothing when another replica sends', async () => {
  answer = async () => 503;
  await startSending();
  await queue('first');
  await eventually(lagSeconds).toBeGreaterThanOrEqual(AGE_MS / 1_000);
  const before = await lagSeconds();
  await eventually(lagSeconds).toBeGreaterThan(before);
  stop.abort();
  await sending;
  expect(await lagSeconds()).toBe(0);
});

it('goes on from where another replica came to that told so late', async () => {
  const held = Promise.withResolvers<number>();
  answer = () => held.promise;
  await startSending();
  const at = await store.cursors.get(CURSOR_NAME);
  const first = await queue('first');
  await eventually(async () => (await lagSeconds()) > 0).toBe(true);
  // It had sent the same event, and lost the Lease before it said so.
  await store.cursors.advance(CURSOR_NAME, { from: at, to: String(first) });
  held.resolve(202);
  await queue('second');
  await eventually(() => taken.map((subject) => subject.replace(/.*\//, ''))).toEqual(['first', 'second']);
});
