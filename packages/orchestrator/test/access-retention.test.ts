/** What the service keeps of its callers, and for how long. */

import { openTemporaryStore } from '@tekton-dag/store/testing';
import { expect, it } from 'vitest';
import { pruneAccessRecords } from '../src/auth/prune-access-records.ts';
import { eventually } from './eventually.ts';

const DAY_MS = 86_400_000;

it('drops audit entries of before their age and idempotency keys of before yesterday, and stops when told', async () => {
  await using temporary = await openTemporaryStore();
  const { store } = temporary;
  const now = Date.now();
  const entry = { caller: 'ann', action: 'run.start', team: 't', subject: 's', detail: '' };
  for (const [detail, ageMs] of [
    ['old', 31 * DAY_MS],
    ['young', 29 * DAY_MS],
  ] as const)
    await store.audit.append({ ...entry, outcome: 'allowed', detail, timeMs: now - ageMs });
  const key = { caller: 'ann', requestHash: 'h', staleBeforeMs: 0 };
  await store.idempotency.begin({ ...key, key: 'old', nowMs: now - 2 * DAY_MS });
  await store.idempotency.begin({ ...key, key: 'young', nowMs: now });
  const stop = new AbortController();
  const pruning = pruneAccessRecords(store, { auditRetentionMs: 30 * DAY_MS }, stop.signal);
  await eventually(async () =>
    (await store.audit.list({ limit: 9 })).items.map(({ detail }) => detail),
  ).toEqual(['young']);
  const again = { ...key, key: 'old', nowMs: now };
  await eventually(async () => (await store.idempotency.begin(again)).kind).toBe('new');
  stop.abort();
  await pruning;
  expect(await store.idempotency.begin({ ...key, key: 'young', nowMs: now })).toEqual({
    kind: 'in-progress',
  });
});
