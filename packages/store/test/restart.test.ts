/** What a store does while its Postgres goes away and comes back. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, StoreError, type InsertOutcome, type NewDelivery, type Store } from '../src/index.ts';
import { findPostgres, startPostgres, type TestPostgres } from '../src/testing/index.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';

describe.skipIf(findPostgres() === undefined)('a store on a Postgres that restarts', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('loses no delivery and doubles none while the server restarts and crashes under load', async () => {
    await using store = await openStore({ url: await server.createDatabase('under_load') });
    const stop = new AbortController();
    const senders = Array.from({ length: 8 }, () => insertUntil(store, stop.signal));
    await storedAtLeast(store, 50);
    await server.restart();
    await storedAtLeast(store, 100);
    await server.kill();
    await server.start();
    await storedAtLeast(store, 150);
    stop.abort();
    const ids = (await Promise.all(senders)).flat();
    expect(ids.length).toBeGreaterThan(150);
    expect((await listAllIds(store)).toSorted()).toEqual(ids.toSorted());
  });

  it('answers with a StoreError while the server is away, and works again afterwards', async () => {
    await using store = await openStore({ url: await server.createDatabase('away') });
    await store.ping();
    await server.kill();
    const asked = Array.from({ length: 20 }, () => store.runs.list({ limit: 1 }));
    const answers = await Promise.allSettled(asked);
    await server.start();
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } });
    expect(await store.runs.list({ limit: 1 })).toEqual({ items: [], next: undefined });
  });

  it('ends a statement that waits too long, and the connection works on', async () => {
    const url = await server.createDatabase('slow');
    await using holder = await openStore({ url });
    await using store = await openStore({ url, maxConnections: 2, statementTimeoutMs: 2_000 });
    const delivery = newDelivery();
    await holder.deliveries.insert(delivery);
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('begin; lock table deliveries in access exclusive mode');
    await expect(store.deliveries.get(delivery)).rejects.toMatchObject({ code: 'STORE_TIMEOUT' });
    await client.query('rollback');
    await client.end();
    expect(await store.deliveries.get(delivery)).toMatchObject({ id: delivery.id });
  });

  it('opens no more connections than it may', async () => {
    const url = await server.createDatabase('few');
    await using store = await openStore({ url, maxConnections: 4 });
    const work = Array.from({ length: 50 }, () => [
      store.deliveries.insert(newDelivery()),
      store.runs.list({ limit: 1 }),
    ]);
    await Promise.all(work.flat());
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      "select count(*)::int as count from pg_stat_activity where datname = 'few' and application_name = 'tekton-dag'",
    );
    await client.end();
    expect(rows[0].count).toBeLessThanOrEqual(4);
    expect(rows[0].count).toBeGreaterThan(0);
  });

  it('refuses to open while the server is away, without the password', async () => {
    const opening = openStore({ url: 'postgres://user:hunter2@127.0.0.1:1/none' });
    await expect(opening).rejects.toBeInstanceOf(StoreError);
    await expect(opening).rejects.toMatchObject({ code: 'STORE_UNOPENABLE' });
    await expect(opening).rejects.not.toThrow(/hunter2/);
  });
});

/** Ids of what was stored. */
async function insertUntil(store: Store, stop: AbortSignal): Promise<readonly string[]> {
  const ids: string[] = [];
  while (!stop.aborted) {
    const delivery = newDelivery();
    expect(await insertAtLast(store, delivery)).not.toBe('conflict');
    ids.push(delivery.id);
    await sleep(1);
  }
  return ids;
}

/** Comes again, as a forge does, when the server is away for longer than the store waits: on a busy machine it may be. */
async function insertAtLast(store: Store, delivery: NewDelivery): Promise<InsertOutcome['kind']> {
  for (;;) {
    try {
      return (await store.deliveries.insert(delivery)).kind;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'STORE_UNAVAILABLE') throw error;
    }
  }
}

/** More deliveries came in since the call. */
async function storedAtLeast(store: Store, count: number): Promise<void> {
  for (;;) {
    const depth = await store.deliveries.queueDepth().catch(() => undefined);
    if ((depth?.depth ?? 0) >= count) return;
    await sleep(5);
  }
}

async function listAllIds(store: Store): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await store.deliveries.list({ limit: 97, after });
    ids.push(...items.map(({ id }) => id));
    if (next === undefined) return ids;
    after = next;
  }
}
