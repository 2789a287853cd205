/**
 * An upgrade and a rollback of the chart on a real cluster while signed webhooks come in at RATE (50) a second for SECONDS
 * (60): with two replicas on Postgres, and with one on SQLite. JSON lines `{name, ratePerS, requests, answered, refused,
 * unanswered, p50Ms, p99Ms, maxMs, runs, lost, doubled}`: `answered` with success, `refused` with another status,
 * `unanswered` for 10 s or cut off; `lost` was answered with success and has no run. Needs what `make test-cluster` needs,
 * and helm; without KUBECONFIG nothing is measured.
 */

import { findPostgres } from '@tekton-dag/store/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasHelm } from '../e2e/cluster/rig/run-on-cluster.ts';
import { countRunsByNumber } from '../e2e/cluster/rig/runs-by-number.ts';
import { isAccepted, type SentDelivery } from '../e2e/cluster/rig/send-deliveries.ts';
import { createUpgradeRig, NEW_PODS, type UpgradeRig } from '../e2e/cluster/rig/upgrade-rig.ts';
import { quantile } from './service/quantile.ts';

const RATE_PER_S = Number(process.env['RATE'] ?? 50);
const SECONDS = Number(process.env['SECONDS'] ?? 60);
/** Load before the upgrade, between the two, and at the least after the rollback. */
const PAUSE_MS = 5_000;
/** After so long without a new run no more will come. */
const QUIET_MS = 60_000;
/** Thousands of runs are listed each time. */
const POLL_MS = 5_000;

if ((process.env['KUBECONFIG'] ?? '') === '' || !hasHelm) {
  process.stderr.write('KUBECONFIG is not set, or helm is not on the PATH: left out\n');
} else {
  if (findPostgres() === undefined) process.stderr.write('Postgres is not installed: its row is left out\n');
  else await measure('helm upgrade and rollback, postgres, 2 replicas', (rig) => rig.startDatabase());
  await measure('helm upgrade and rollback, sqlite, 1 replica', async () => ({}));
}

async function measure(name: string, prepare: (rig: UpgradeRig) => Promise<object>): Promise<void> {
  await using rig = await createUpgradeRig();
  const values = [rig.values, await prepare(rig)];
  await rig.release.apply(...values);
  const sent = await rig.sendDuring(RATE_PER_S, async () => await upgradeAndRollBack(rig, values));
  const counts = await countWhenQuiet(rig);
  process.stdout.write(`${JSON.stringify({ name, ratePerS: RATE_PER_S, ...summarize(sent, counts) })}\n`);
}

async function upgradeAndRollBack({ release }: UpgradeRig, values: readonly object[]): Promise<void> {
  const end = performance.now() + SECONDS * 1_000;
  await sleep(PAUSE_MS);
  await release.apply(...values, NEW_PODS);
  await sleep(PAUSE_MS);
  await release.rollback();
  await sleep(Math.max(PAUSE_MS, end - performance.now()));
}

/** Runs of each pull request, when no more are made. */
async function countWhenQuiet({ cluster }: UpgradeRig): Promise<ReadonlyMap<number, number>> {
  let counts: ReadonlyMap<number, number> = new Map();
  let changedAt = performance.now();
  while (performance.now() - changedAt < QUIET_MS) {
    const next = await countRunsByNumber(cluster.client, cluster.namespace);
    if (next.size !== counts.size) changedAt = performance.now();
    counts = next;
    await sleep(POLL_MS);
  }
  return counts;
}

function summarize(sent: readonly SentDelivery[], counts: ReadonlyMap<number, number>): object {
  const accepted = sent.filter(isAccepted);
  const unanswered = sent.filter(({ status }) => status === 0).length;
  const latenciesMs = Float64Array.from(accepted, ({ latencyMs }) => latencyMs).sort();
  return {
    requests: sent.length,
    answered: accepted.length,
    refused: sent.length - accepted.length - unanswered,
    unanswered,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    maxMs: quantile(latenciesMs, 1),
    runs: counts.size,
    lost: accepted.filter(({ number }) => !counts.has(number)).length,
    doubled: [...counts.values()].filter((count) => count > 1).length,
  };
}
