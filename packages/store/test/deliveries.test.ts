/** The deliveries of a store, on each database that is there. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../src/index.ts';
import { databaseKinds, type TestDatabase } from './databases.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';

const claimAll = { owner: 'one', nowMs: 10_000, leaseMs: 1_000, limit: 100 };

describe.each(databaseKinds)('deliveries on $name', ({ available, create }) => {
  describe.skipIf(!available)('with a server', () => {
    let database: TestDatabase;
    let store: Store;

    beforeEach(async () => {
      database = await create();
      store = await openStore({ url: database.url });
    });
    afterEach(async () => {
      await store.close();
      await database.remove();
    });

    it('keeps a delivery over a reopening of the store', async () => {
      const delivery = newDelivery({ decision: '{"text":"\\" $(id) \\n ünï 漢"}' });
      expect(await store.deliveries.insert(delivery)).toEqual({ kind: 'inserted' });
      await store.close();
      store = await openStore({ url: database.url });
      expect(await store.deliveries.get(delivery)).toMatchObject({
        id: delivery.id,
        state: 'pending',
        decision: delivery.decision,
        attempts: 0,
      });
    });

    it('tells a duplicate from the same id with another body', async () => {
      const delivery = newDelivery();
      await store.deliveries.insert(delivery);
      const duplicate = await store.deliveries.insert({ ...delivery, decision: '{"kind":"other"}' });
      expect(duplicate).toMatchObject({ kind: 'duplicate', stored: { decision: delivery.decision } });
      const conflict = await store.deliveries.insert({ ...delivery, body: Buffer.from('{}') });
      expect(conflict.kind).toBe('conflict');
      expect((await store.deliveries.list({ limit: 10 })).items).toHaveLength(1);
    });

    it('gives exactly one of many concurrent inserts of one id the word inserted', async () => {
      const delivery = newDelivery();
      const others = Array.from({ length: 20 }, () => newDelivery());
      const outcomes = await Promise.all(
        [...Array.from({ length: 20 }, () => delivery), ...others].map((each) =>
          store.deliveries.insert(each),
        ),
      );
      expect(outcomes.slice(0, 20).filter(({ kind }) => kind === 'inserted')).toHaveLength(1);
      expect(outcomes.slice(20).every(({ kind }) => kind === 'inserted')).toBe(true);
    });

    it('keeps what holds a NUL, and what comes with what the database will not have', async () => {
      const hostile = newDelivery({ action: 'a\0b', decision: '{"title":"\\u0000"}', subject: 's\0' });
      const impossible = newDelivery({ occurredAtMs: Number.NaN });
      const innocent = newDelivery();
      const outcomes = await Promise.allSettled(
        [hostile, impossible, innocent].map((delivery) => store.deliveries.insert(delivery)),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await store.deliveries.get(hostile)).toMatchObject({ decision: hostile.decision });
      expect(await store.deliveries.insert(hostile)).toMatchObject({ kind: 'duplicate' });
    });

    it('decides an ignored delivery anew when it is sent again', async () => {
      const ignored = newDelivery({ state: 'ignored', reason: 'unknown-repository' });
      await store.deliveries.insert(ignored);
      expect(await store.deliveries.claim(claimAll)).toEqual([]);
      expect(await store.deliveries.insert({ ...ignored, state: 'pending' })).toEqual({ kind: 'inserted' });
      expect(await store.deliveries.claim(claimAll)).toHaveLength(1);
    });

    it('claims the oldest first and each delivery once', async () => {
      const deliveries = [newDelivery(), newDelivery(), newDelivery()];
      for (const delivery of deliveries) await store.deliveries.insert(delivery);
      const [first, second] = await Promise.all([
        store.deliveries.claim({ ...claimAll, limit: 2 }),
        store.deliveries.claim({ ...claimAll, owner: 'two', limit: 2 }),
      ]);
      const claimed = [...first, ...second].map(({ id }) => id);
      expect(new Set(claimed).size).toBe(claimed.length);
      const last = await store.deliveries.claim(claimAll);
      expect([...claimed, ...last.map(({ id }) => id)].sort()).toEqual(deliveries.map(({ id }) => id).sort());
    });

    it('works the deliveries of one subject one after the other', async () => {
      const [a, b] = [newDelivery({ subject: 'pull-7' }), newDelivery({ subject: 'pull-7' })];
      await store.deliveries.insert(a);
      await store.deliveries.insert(b);
      expect((await store.deliveries.claim(claimAll)).map(({ id }) => id)).toEqual([a.id]);
      expect(await store.deliveries.claim(claimAll)).toEqual([]);
      await store.deliveries.finish(a);
      expect((await store.deliveries.claim(claimAll)).map(({ id }) => id)).toEqual([b.id]);
    });

    it('gives a claim to another owner when its lease has ended, and back at once when its owner restarts', async () => {
      await store.deliveries.insert(newDelivery());
      await store.deliveries.claim(claimAll);
      expect(await store.deliveries.claim({ ...claimAll, owner: 'two' })).toEqual([]);
      const taken = await store.deliveries.claim({ ...claimAll, owner: 'two', nowMs: 11_000 });
      expect(taken).toMatchObject([{ attempts: 2 }]);
      expect(await store.deliveries.releaseClaims('one')).toBe(0);
      expect(await store.deliveries.releaseClaims('two')).toBe(1);
      expect(await store.deliveries.claim(claimAll)).toMatchObject([{ attempts: 3 }]);
    });

    it('holds a retried delivery back until its time', async () => {
      const delivery = newDelivery();
      await store.deliveries.insert(delivery);
      await store.deliveries.claim(claimAll);
      await store.deliveries.retry(delivery, { notBeforeMs: 20_000, reason: 'cluster away' });
      expect(await store.deliveries.claim(claimAll)).toEqual([]);
      expect(await store.deliveries.claim({ ...claimAll, nowMs: 20_000 })).toMatchObject([
        { reason: 'cluster away' },
      ]);
    });

    it('counts what waits and lists the newest first, by state', async () => {
      const [done, failed, open] = [newDelivery(), newDelivery(), newDelivery({ receivedAtMs: 3_000 })];
      for (const delivery of [done, failed, open]) await store.deliveries.insert(delivery);
      await store.deliveries.finish(done);
      await store.deliveries.fail(failed, 'team is gone');
      expect(await store.deliveries.queueDepth()).toEqual({ depth: 1, oldestReceivedAtMs: 3_000 });
      const { items } = await store.deliveries.list({ limit: 2 });
      expect(items.map(({ id }) => id)).toEqual([open.id, failed.id]);
      expect(await store.deliveries.list({ limit: 9, states: ['failed'] })).toMatchObject({
        items: [{ reason: 'team is gone' }],
      });
    });

    it('knows whether a later change of the same subject was accepted', async () => {
      const older = newDelivery({ subject: 's', occurredAtMs: 1 });
      const newer = newDelivery({ subject: 's', occurredAtMs: 2, action: 'synchronize' });
      await store.deliveries.insert(newer);
      await store.deliveries.insert(older);
      const [newerRow, olderRow] = [await store.deliveries.get(newer), await store.deliveries.get(older)];
      if (newerRow === undefined || olderRow === undefined) throw new Error('both were stored');
      expect(await store.deliveries.hasNewer(olderRow, ['opened', 'synchronize'])).toBe(true);
      expect(await store.deliveries.hasNewer(olderRow, ['closed'])).toBe(false);
      expect(await store.deliveries.hasNewer(newerRow, ['opened', 'synchronize'])).toBe(false);
    });
  });
});
