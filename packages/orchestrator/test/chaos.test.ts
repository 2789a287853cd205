/**
 * Nothing is lost and nothing doubled while processes are killed, the Kubernetes API is away and the database restarts.
 * The sizes of the design (10,000 deliveries, a kill every 2 s, 30 s without the API) run by `node bench/main.ts chaos`.
 */

import { findPostgres, startPostgres } from '@tekton-dag/store/testing';
import { describe, expect, it } from 'vitest';
import { runChaos, type ChaosPlan } from './chaos/run-chaos.ts';

const SMALL = { deliveries: 1_000, kills: 5, killEveryMs: 1_000, outageMs: 5_000 };
const TIMEOUT_MS = 900_000;
const noPostgres = findPostgres() === undefined;

async function expectOneRunForEachChange(plan: ChaosPlan): Promise<void> {
  const { failedAttempts, ...result } = await runChaos(plan);
  expect(result).toMatchObject({ runs: plan.deliveries, lost: [], extra: [], misnamed: [] });
  // The senders felt it: else nothing was tried.
  expect(failedAttempts).toBeGreaterThan(0);
}

describe('each change has exactly one run afterwards', () => {
  it('on SQLite', { timeout: TIMEOUT_MS }, async () => {
    await expectOneRunForEachChange({ ...SMALL, replicas: 1 });
  });

  it.skipIf(noPostgres)('on Postgres, which restarts', { timeout: TIMEOUT_MS }, async () => {
    await using postgres = await startPostgres();
    const url = await postgres.createDatabase('one_replica');
    const database = { url, restart: () => postgres.restart() };
    await expectOneRunForEachChange({ ...SMALL, replicas: 1, database });
  });

  it.skipIf(noPostgres)('with two replicas that die in turns', { timeout: TIMEOUT_MS }, async () => {
    await using postgres = await startPostgres();
    const url = await postgres.createDatabase('two_replicas');
    const database = { url, restart: () => postgres.restart() };
    await expectOneRunForEachChange({ ...SMALL, replicas: 2, database });
  });
});
