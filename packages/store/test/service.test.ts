/** What a store keeps for the service itself: cursors, the audit log, idempotency keys. */

import { expect, it } from 'vitest';
import type { NewAuditEntry } from '../src/index.ts';
import { describeDatabases } from './describe-databases.ts';

const entry: NewAuditEntry = {
  timeMs: 1_000,
  caller: 'ann',
  action: 'run.cancel',
  team: 'default',
  subject: 'ns/run',
  outcome: 'allowed',
  detail: 'by hand',
};
const begin = { caller: 'ann', key: 'k', requestHash: 'h', nowMs: 1_000, staleBeforeMs: 0 };

describeDatabases('cursors', (current) => {
  it('move from where they are, and only once', async () => {
    const { cursors } = current().store;
    expect(await cursors.get('sink')).toBeUndefined();
    expect(await cursors.advance('sink', { from: undefined, to: '1' })).toBe(true);
    expect(await cursors.advance('sink', { from: undefined, to: '2' })).toBe(false);
    expect(await cursors.advance('sink', { from: '0', to: '2' })).toBe(false);
    const moves = await Promise.all(['a', 'b', 'c'].map((to) => cursors.advance('sink', { from: '1', to })));
    expect(moves.filter(Boolean)).toHaveLength(1);
    expect(await cursors.get('other')).toBeUndefined();
  });
});

describeDatabases('the audit log', (current) => {
  it('lists the newest first, in pages, to each team its own', async () => {
    const { audit } = current().store;
    for (const timeMs of [1, 2, 3, 3, 5]) await audit.append({ ...entry, timeMs });
    await audit.append({ ...entry, timeMs: 4, team: 'other', caller: 'bob', outcome: 'refused' });
    const first = await audit.list({ limit: 4 });
    expect(first.items.map(({ timeMs }) => timeMs)).toEqual([5, 4, 3, 3]);
    const second = await audit.list({ limit: 4, after: first.next });
    expect(second).toMatchObject({ items: [{ timeMs: 2 }, { timeMs: 1 }], next: undefined });
    expect((await audit.list({ limit: 9, teams: ['other'] })).items).toMatchObject([{ outcome: 'refused' }]);
    expect((await audit.list({ limit: 9, teams: [] })).items).toEqual([]);
    expect((await audit.list({ limit: 9, caller: 'bob' })).items).toHaveLength(1);
    expect((await audit.list({ limit: 9, action: 'run.rerun' })).items).toEqual([]);
    expect(await audit.prune({ olderThanMs: 3 })).toBe(2);
  });

  it('refuses a cursor that is not one of its own', async () => {
    const { audit } = current().store;
    const hostile = ['', '~', 'null', btoa('[1,"a","b"]'), btoa('["1","a"]'), btoa(`[1,"\\u0000"]`)];
    for (const after of hostile)
      await expect(audit.list({ limit: 1, after })).rejects.toMatchObject({ code: 'STORE_CURSOR_INVALID' });
  });
});

describeDatabases('idempotency keys', (current) => {
  it('give the first answer again, to the same caller and request only', async () => {
    const { idempotency } = current().store;
    expect(await idempotency.begin(begin)).toEqual({ kind: 'new' });
    expect(await idempotency.begin(begin)).toEqual({ kind: 'in-progress' });
    await idempotency.complete(begin, { status: 201, body: '{"ok":true}' });
    expect(await idempotency.begin(begin)).toEqual({
      kind: 'same',
      answer: { status: 201, body: '{"ok":true}' },
    });
    expect(await idempotency.begin({ ...begin, requestHash: 'other' })).toEqual({ kind: 'different' });
    expect(await idempotency.begin({ ...begin, caller: 'bob' })).toEqual({ kind: 'new' });
  });

  it('are new for exactly one of many at once, over replicas', async () => {
    const { store, openAnother } = current();
    const other = await openAnother();
    const begun = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : other).idempotency.begin(begin)),
    );
    expect(begun.filter(({ kind }) => kind === 'new')).toHaveLength(1);
    expect(begun.filter(({ kind }) => kind === 'in-progress')).toHaveLength(19);
  });

  it('may begin anew when the work was abandoned or died', async () => {
    const { idempotency } = current().store;
    await idempotency.begin(begin);
    await idempotency.abandon(begin);
    expect(await idempotency.begin(begin)).toEqual({ kind: 'new' });
    expect(await idempotency.begin({ ...begin, staleBeforeMs: 1_000 })).toEqual({ kind: 'in-progress' });
    const later = { ...begin, nowMs: 9_000, staleBeforeMs: 1_001 };
    expect(await idempotency.begin({ ...later, requestHash: 'other' })).toEqual({ kind: 'different' });
    expect(await idempotency.begin(later)).toEqual({ kind: 'new' });
    await idempotency.complete(begin, { status: 200, body: '' });
    expect(await idempotency.begin({ ...later, staleBeforeMs: 99_000 })).toMatchObject({ kind: 'same' });
  });

  it('are forgotten after their time', async () => {
    const { idempotency } = current().store;
    await idempotency.begin(begin);
    await idempotency.begin({ ...begin, key: 'young', nowMs: 5_000 });
    expect(await idempotency.prune({ olderThanMs: 5_000 })).toBe(1);
    expect(await idempotency.begin(begin)).toEqual({ kind: 'new' });
  });
});
