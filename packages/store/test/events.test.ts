/** The events of a store: one order, without holes for any reader. */

import { expect, it } from 'vitest';
import type { EventRow, NewEvent, Store } from '../src/index.ts';
import { describeDatabases } from './describe-databases.ts';

const event = (id: string, fields: Partial<NewEvent> = {}): NewEvent => ({
  id,
  type: 'run.finished',
  subject: 'ns/run',
  team: 'default',
  timeMs: 1_000,
  data: '{"state":"failed"}',
  ...fields,
});
const idsOf = (items: readonly EventRow[]) => items.map(({ id }) => id);

describeDatabases('events', (current) => {
  it('reads them in the order of their appending, from where a reader was', async () => {
    const { events } = current().store;
    expect(await events.read({ afterSeq: 0, limit: 10 })).toEqual({ items: [], lastSeq: 0 });
    for (const id of ['a', 'b', 'c']) await events.append(event(id));
    const first = await events.read({ afterSeq: 0, limit: 2 });
    expect(first.items[0]).toEqual({ ...event('a'), seq: 1 });
    expect(idsOf(first.items)).toEqual(['a', 'b']);
    const second = await events.read({ afterSeq: first.lastSeq, limit: 2 });
    expect(idsOf(second.items)).toEqual(['c']);
    expect(second.lastSeq).toBe(await events.newestSeq());
  });

  it('appends an id once, also within one burst', async () => {
    const { events } = current().store;
    const places = await Promise.all(['a', 'b', 'a'].map((id) => events.append(event(id))));
    expect(places[0]).toBe(1);
    expect(places[2]).toBeUndefined();
    expect(await events.append(event('b'))).toBeUndefined();
    expect(idsOf((await events.read({ afterSeq: 0, limit: 10 })).items)).toEqual(['a', 'b']);
  });

  it('shows a reader its own teams only, and moves it past the events of others', async () => {
    const { events } = current().store;
    await events.append(event('ours'));
    await events.append(event('theirs', { team: 'other' }));
    await events.append(event('nobodys', { team: '' }));
    const read = await events.read({ afterSeq: 0, limit: 10, teams: ['default'] });
    expect(idsOf(read.items)).toEqual(['ours']);
    expect(read.lastSeq).toBe(3);
    expect((await events.read({ afterSeq: 0, limit: 10, teams: [] })).items).toEqual([]);
    expect((await events.read({ afterSeq: 0, limit: 10 })).items).toHaveLength(3);
  });

  it('never shows a reader an event after a later one, whoever appended them', async () => {
    const { store, openAnother } = current();
    const writers = [store, await openAnother(), await openAnother()];
    const seen: string[] = [];
    const writing = Promise.all(writers.map((writer, index) => appendMany(writer, `writer-${index}`)));
    let isDone = false;
    void writing.then(() => (isDone = true));
    let afterSeq = 0;
    for (let isLast = false; ; isLast = isDone) {
      const { items, lastSeq } = await store.events.read({ afterSeq, limit: 10 });
      seen.push(...idsOf(items));
      if (isLast && items.length === 0) break;
      afterSeq = lastSeq;
    }
    await writing;
    expect(seen).toHaveLength(3 * 60);
    expect(new Set(seen).size).toBe(3 * 60);
  });

  it('counts on after all of them are forgotten', async () => {
    const { events } = current().store;
    await events.append(event('a'));
    await events.append(event('b', { timeMs: 2_000 }));
    expect(await events.prune({ olderThanMs: 2_000 })).toBe(1);
    expect(await events.prune({ olderThanMs: 3_000 })).toBe(1);
    expect(await events.append(event('c'))).toBe(3);
  });
});

async function appendMany({ events }: Store, name: string): Promise<void> {
  for (let index = 0; index < 60; index += 3) {
    const burst = [index, index + 1, index + 2];
    await Promise.all(burst.map((number) => events.append(event(`${name}-${number}`))));
  }
}
