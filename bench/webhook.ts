/**
 * How fast signed webhooks are acknowledged, durably: a real orchestrator process, bundled as it is installed, over loopback, the load on the same
 * machine. JSON lines `{name, requests, errors, perSecond, p50Ms, p99Ms, maxMs}`, one for each store. At a rate, each
 * latency counts from the time the request was due, so that a stall is felt by all that wait behind it.
 * SECONDS (default 60) is how long the load at a rate lasts.
 */

import { findPostgres, startPostgres } from '@tekton-dag/store/testing';
import { createDeliveryWriter } from './service/delivery-writer.ts';
import { preparePlatform, type BenchPlatform } from './service/prepare-platform.ts';
import { quantile } from './service/quantile.ts';
import { sendWebhooks, type Load, type LoadResult } from './service/send-webhooks.ts';
import { startBundle } from './service/start-bundle.ts';
import { startProcess } from './service/start-process.ts';

const CONNECTIONS = 50;
const WARM_UP_REQUESTS = 1_000;
const CLOSED_REQUESTS = 5_000;
const RATE_PER_S = 1_000;
const SECONDS = Number(process.env['SECONDS'] ?? 60);
const SLOW_API_DELAY_MS = 100;
const PATH = '/webhook/github';

interface Scene {
  readonly name: string;
  readonly storeUrl?: string;
  readonly apiDelayMs: number;
}

await measureScene({ name: 'sqlite', apiDelayMs: 0 });
await measureScene({ name: `sqlite, API answers in ${SLOW_API_DELAY_MS} ms`, apiDelayMs: SLOW_API_DELAY_MS });
if (findPostgres() === undefined) {
  process.stderr.write('Postgres is not installed: its rows are left out\n');
} else {
  await using postgres = await startPostgres();
  const storeUrl = await postgres.createDatabase('webhook');
  await measureScene({ name: 'postgres', storeUrl, apiDelayMs: 0 });
}

async function measureScene({ name, storeUrl, apiDelayMs }: Scene): Promise<void> {
  await using platform = await preparePlatform();
  await using api = await startProcess('serve-api.ts', { API_DELAY_MS: String(apiDelayMs) });
  await using service = await startBundle(platform.directory, api.url, {
    ...platform.env,
    ...(storeUrl === undefined ? {} : { TEKTON_DAG_STORE_URL: storeUrl }),
  });
  const load = createLoads(service.url, platform);
  await sendWebhooks(load({ count: WARM_UP_REQUESTS }));
  report(
    `webhook, ${CONNECTIONS} connections, ${name}`,
    await sendWebhooks(load({ count: CLOSED_REQUESTS })),
  );
  const paced = load({ count: RATE_PER_S * SECONDS, ratePerS: RATE_PER_S });
  report(`webhook, ${RATE_PER_S} rps for ${SECONDS} s, ${name}`, await sendWebhooks(paced));
}

/** Each load goes on where the one before ended, so that no delivery is a duplicate. */
function createLoads(url: string, { webhookSecret }: BenchPlatform) {
  const writer = createDeliveryWriter(PATH, webhookSecret);
  let first = 0;
  return (wanted: Pick<Load, 'count' | 'ratePerS'>): Load => {
    const load = { url, writer, connections: CONNECTIONS, first, ...wanted };
    first += wanted.count;
    return load;
  };
}

function report(name: string, { latenciesMs, statuses, durationMs }: LoadResult): void {
  const sorted = latenciesMs.toSorted();
  const line = {
    name,
    requests: sorted.length,
    errors: sorted.length - (statuses.get(202) ?? 0),
    perSecond: Math.round((sorted.length / durationMs) * 1_000),
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    maxMs: quantile(sorted, 1),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
