/**
 * 10,000 deliveries while the orchestrator is killed every 2 s, the Kubernetes API is away for 30 s and the database
 * restarts; then the same with two replicas that die in turns. JSON lines of `ChaosResult`; fails when a change has no
 * run, or more than one. Without Postgres on the machine: SQLite alone. DELIVERIES and KILLS make it smaller.
 */

import { findPostgres, startPostgres } from '@tekton-dag/store/testing';
import { runChaos, type ChaosPlan } from '../packages/orchestrator/test/chaos/run-chaos.ts';

const FULL = {
  deliveries: Number(process.env['DELIVERIES'] ?? 10_000),
  kills: Number(process.env['KILLS'] ?? 30),
  killEveryMs: 2_000,
  outageMs: 30_000,
};

await measure('chaos, sqlite, 1 replica', { ...FULL, replicas: 1 });
if (findPostgres() === undefined) {
  process.stderr.write('Postgres is not installed: its two rows are left out\n');
} else {
  await measureOnPostgres('chaos, postgres, 1 replica', 1);
  await measureOnPostgres('chaos, postgres, 2 replicas', 2);
}

async function measureOnPostgres(name: string, replicas: 1 | 2): Promise<void> {
  await using postgres = await startPostgres();
  const url = await postgres.createDatabase('chaos');
  await measure(name, { ...FULL, replicas, database: { url, restart: () => postgres.restart() } });
}

async function measure(name: string, plan: ChaosPlan): Promise<void> {
  const { lost, extra, misnamed, ...result } = await runChaos(plan);
  const counts = { lost: lost.length, extra: extra.length, misnamed: misnamed.length };
  process.stdout.write(`${JSON.stringify({ name, ...result, ...counts })}\n`);
  if (counts.lost + counts.extra + counts.misnamed > 0) process.exitCode = 1;
}
