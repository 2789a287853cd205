/**
 * Routing for 1,000 teams of 40 apps: how long the first load and a look-up take, how large the whole service is (bundled, as it is installed), and what a
 * reload does to webhooks that arrive meanwhile. JSON lines; `name` tells them apart.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDeliveryWriter } from './service/delivery-writer.ts';
import { preparePlatform } from './service/prepare-platform.ts';
import { quantile } from './service/quantile.ts';
import { sendWebhooks } from './service/send-webhooks.ts';
import { startBundle } from './service/start-bundle.ts';
import { startProcess } from './service/start-process.ts';
import { writeTeam, writeTeams } from './service/write-teams.ts';

const MANY = { teams: Number(process.env['TEAMS'] ?? 1_000), apps: 40 };
const LOADS = 5;
const RELOADS = 20;
const RATE_PER_S = 100;
/** Files count as settled after two seconds; the collector gives back what nobody uses. */
const REST_MS = 4_000;

await using platform = await preparePlatform();
await writeTeams(platform.directory, MANY);
measureLoads();
await using api = await startProcess('serve-api.ts', {});
// Reloads come from here alone, so that each is timed.
const settings = { ...platform.env, TEKTON_DAG_RESCAN_INTERVAL_S: '0' };
await using service = await startBundle(platform.directory, api.url, settings);
await sleep(REST_MS);
report('routing-service', { rssMb: rssMb() });
await measureReloads();
report('routing-service-after-reloads', { rssMb: rssMb() });

function measureLoads(): void {
  const script = join(import.meta.dirname, 'service/load-teams.ts');
  const env = { PATH: process.env['PATH'], PLATFORM_DIR: platform.directory };
  const results = Array.from({ length: LOADS }, () => {
    const output = execFileSync(process.execPath, [script], { env, encoding: 'utf8' });
    const result: { readonly loadMs: number; readonly loadCpuMs: number; readonly lookupNs: number } =
      JSON.parse(output);
    return result;
  });
  const of = (values: readonly number[], share: number): number =>
    Math.round(quantile(Float64Array.from(values).sort(), share));
  const loads = results.map(({ loadMs }) => loadMs);
  const cpuMs = results.map(({ loadCpuMs }) => loadCpuMs);
  report('routing-load', {
    teams: MANY.teams,
    medianMs: of(loads, 0.5),
    maxMs: of(loads, 1),
    medianCpuMs: of(cpuMs, 0.5),
  });
  const lookups = results.map(({ lookupNs }) => lookupNs);
  report('routing-lookup', { medianNs: of(lookups, 0.5), maxNs: of(lookups, 1) });
}

/** One team changes at a time, and at last all of them, while webhooks arrive. */
async function measureReloads(): Promise<void> {
  const writer = createDeliveryWriter('/webhook/github', platform.webhookSecret);
  const over = new AbortController();
  const load = sendUntil(over.signal, writer);
  const reloadsMs: number[] = [];
  for (let round = 0; round < RELOADS; round += 1) {
    await writeTeam(platform.directory, round, `round ${round}`);
    reloadsMs.push(await reload());
  }
  const one = Float64Array.from(reloadsMs).sort();
  report('routing-reload-one-team', {
    medianMs: Math.round(quantile(one, 0.5)),
    maxMs: Math.round(quantile(one, 1)),
  });
  await writeTeams(platform.directory, MANY, 'second');
  report('routing-reload-all-teams', { ms: Math.round(await reload()) });
  over.abort();
  const { requests, dropped, latenciesMs } = await load;
  const sorted = Float64Array.from(latenciesMs).sort();
  report('routing-webhooks-during-reloads', {
    requests,
    dropped,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    maxMs: quantile(sorted, 1),
  });
}

interface Sent {
  readonly requests: number;
  readonly dropped: number;
  readonly latenciesMs: readonly number[];
}

async function sendUntil(
  signal: AbortSignal,
  writer: ReturnType<typeof createDeliveryWriter>,
): Promise<Sent> {
  const latenciesMs: number[] = [];
  let accepted = 0;
  for (let first = 0; !signal.aborted; first += RATE_PER_S) {
    const load = {
      url: service.url,
      writer,
      connections: 10,
      first,
      count: RATE_PER_S,
      ratePerS: RATE_PER_S,
    };
    const result = await sendWebhooks(load);
    accepted += result.statuses.get(202) ?? 0;
    latenciesMs.push(...result.latenciesMs);
  }
  return { requests: latenciesMs.length, dropped: latenciesMs.length - accepted, latenciesMs };
}

async function reload(): Promise<number> {
  const startedAt = performance.now();
  const headers = { authorization: `Bearer ${platform.apiToken}` };
  const response = await fetch(`${service.url}/api/reload`, { method: 'POST', headers });
  const text = await response.text();
  const answer: { readonly status?: string } = JSON.parse(text);
  if (answer.status !== 'reloaded' && answer.status !== 'unchanged') throw new Error(text);
  return performance.now() - startedAt;
}

function rssMb(): number {
  const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024);
}

function report(name: string, values: Readonly<Record<string, number>>): void {
  process.stdout.write(`${JSON.stringify({ name, ...values })}\n`);
}
