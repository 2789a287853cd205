/** Old deliveries go, what is not finished stays. */

import { newDelivery, openTemporaryStore } from '@tekton-dag/store/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { pruneDeliveries } from '../src/deliveries/prune-deliveries.ts';

const DAY_MS = 24 * 3_600_000;

afterEach(() => void vi.useRealTimers());

it('deletes finished deliveries by age and number, and payloads before', async () => {
  const nowMs = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  await using temporary = await openTemporaryStore();
  const { deliveries } = temporary.store;
  const insert = async (id: string, ageDays: number, isDone = true): Promise<void> => {
    const receivedAtMs = nowMs - ageDays * DAY_MS;
    vi.setSystemTime(receivedAtMs);
    await deliveries.insert(newDelivery({ id, occurredAtMs: receivedAtMs, receivedAtMs }));
    if (isDone) await deliveries.finish({ host: 'github.com', id });
  };
  await Promise.all(Array.from({ length: 1_100 }, (_, index) => insert(`old-${index}`, 40)));
  await insert('old-and-waiting', 40, false);
  await insert('of-last-week', 8);
  await insert('of-today', 0);
  vi.setSystemTime(nowMs);
  const never = new AbortController().signal;
  const policy = { maxAgeDays: 30, maxCount: 1_000, payloadMaxAgeDays: 7 };
  expect(await pruneDeliveries(deliveries, policy, never)).toBe(1_100);
  const { items } = await deliveries.list({ limit: 10 });
  expect(items.map(({ id, hasPayload }) => [id, hasPayload])).toEqual([
    ['of-today', true],
    ['of-last-week', false],
    ['old-and-waiting', true],
  ]);
  expect(await pruneDeliveries(deliveries, { ...policy, maxCount: 1 }, never)).toBe(1);
  expect((await deliveries.list({ limit: 10 })).items.map(({ id }) => id)).toEqual([
    'of-today',
    'old-and-waiting',
  ]);
});
