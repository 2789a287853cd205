/**
 * What the orchestrator's process, bundled as it is installed, keeps in memory: after its start, and with each 20,000 of 100,000 deliveries that it
 * took and worked off. JSON lines `{name, deliveries, rssMb}`. Runs end at once, as the cluster's would in the end.
 */

import { openStore } from '@tekton-dag/store';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDeliveryWriter } from './service/delivery-writer.ts';
import { preparePlatform } from './service/prepare-platform.ts';
import { sendWebhooks } from './service/send-webhooks.ts';
import { startBundle } from './service/start-bundle.ts';
import { startProcess } from './service/start-process.ts';

const TOTAL = Number(process.env['DELIVERIES'] ?? 100_000);
const STEP = TOTAL / 5;
const BATCH = Math.min(1_000, STEP);
const RATE_PER_S = 500;
/** Time for the collector to give back what nobody uses. */
const REST_MS = 5_000;
const POLL_MS = 100;

await using platform = await preparePlatform();
await using api = await startProcess('serve-api.ts', { FORGETS_RUNS: '1' });
await using service = await startBundle(platform.directory, api.url, platform.env);
await using store = await openStore({ url: platform.env['TEKTON_DAG_STORE_URL'] ?? '' });
const writer = createDeliveryWriter('/webhook/github', platform.webhookSecret);

await sleep(REST_MS);
report(0);
for (let sent = 0; sent < TOTAL; sent += STEP) {
  for (let first = sent; first < sent + STEP; first += BATCH) {
    const load = { url: service.url, writer, connections: 50, first, count: BATCH, ratePerS: RATE_PER_S };
    await sendWebhooks(load);
    await worked(BATCH);
  }
  await sleep(REST_MS);
  report(sent + STEP);
}

/** Waits until no more than `depth` deliveries wait. */
async function worked(depth: number): Promise<void> {
  while ((await store.deliveries.queueDepth()).depth > depth) await sleep(POLL_MS);
}

function report(deliveries: number): void {
  const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
  const rssMb = Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024);
  process.stdout.write(`${JSON.stringify({ name: 'memory', deliveries, rssMb })}\n`);
}
