/** How a store forgets: deliveries and runs by age and number, payloads before their rows. */

import { expect, it } from 'vitest';
import type { RunRow, Store } from '../src/index.ts';
import { describeDatabases } from './describe-databases.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';
import { newRun } from '../src/testing/index.ts';

const afterAll = { olderThanMs: Date.now() + 3_600_000 };
const beforeAll = { olderThanMs: Date.now() - 3_600_000 };

describeDatabases('retention', (current) => {
  it('deletes finished deliveries of before, a few at a time, and never one that is owed', async () => {
    const { deliveries } = current().store;
    const owed = newDelivery();
    await deliveries.insert(owed);
    await finishSome(current().store, 5);
    expect(await deliveries.prune(beforeAll)).toBe(0);
    expect(await deliveries.prune({ ...afterAll, limit: 3 })).toBe(3);
    expect(await deliveries.prune({ ...afterAll, limit: 3 })).toBe(2);
    expect(await deliveries.prune(afterAll)).toBe(0);
    expect((await deliveries.list({ limit: 9 })).items.map(({ id }) => id)).toEqual([owed.id]);
  });

  it('keeps the newest deliveries where there are too many', async () => {
    const { store } = current();
    const ids = await finishSome(store, 6);
    expect(await store.deliveries.prune({ ...beforeAll, keepAtMost: 6 })).toBe(0);
    expect(await store.deliveries.prune({ ...beforeAll, keepAtMost: 4 })).toBe(2);
    const { items } = await store.deliveries.list({ limit: 9 });
    expect(items.map(({ id }) => id)).toEqual(ids.slice(2).toReversed());
  });

  it('drops payloads before rows, and still knows a duplicate from another body', async () => {
    const { deliveries } = current().store;
    const delivery = newDelivery();
    await deliveries.insert(delivery);
    expect(await deliveries.prunePayloads(afterAll)).toBe(0);
    await deliveries.finish(delivery, '{"kind":"runs"}');
    expect(await deliveries.readPayload(delivery)).toEqual({
      headers: delivery.headers,
      body: Buffer.from(delivery.body),
    });
    expect(await deliveries.prunePayloads(afterAll)).toBe(1);
    expect(await deliveries.prunePayloads(afterAll)).toBe(0);
    expect(await deliveries.readPayload(delivery)).toBeUndefined();
    expect(await deliveries.get(delivery)).toMatchObject({ hasPayload: false, outcome: '{"kind":"runs"}' });
    expect(await deliveries.insert(delivery)).toMatchObject({ kind: 'duplicate' });
    expect(await deliveries.insert({ ...delivery, body: Buffer.from('{}') })).toMatchObject({
      kind: 'conflict',
    });
  });

  it('deletes finished runs by age and by number', async () => {
    const { runs } = current().store;
    const states: readonly RunRow['state'][] = ['succeeded', 'running', 'failed', 'cancelled', 'pending'];
    for (const [index, state] of states.entries())
      await runs.upsert(newRun({ name: `run-${index}`, createdAtMs: index, state }));
    expect(await runs.prune({ olderThanMs: 1 })).toBe(1);
    expect(await runs.prune({ olderThanMs: 0, keepAtMost: 2 })).toBe(1);
    expect(await runs.prune({ olderThanMs: 99, limit: 1 })).toBe(1);
    const { items } = await runs.list({ limit: 9 });
    expect(items.map(({ name }) => name)).toEqual(['run-4', 'run-1']);
  });
});

/** Ids, oldest first. */
async function finishSome({ deliveries }: Store, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const delivery = newDelivery();
    await deliveries.insert(delivery);
    await deliveries.finish(delivery);
    ids.push(delivery.id);
  }
  return ids;
}
