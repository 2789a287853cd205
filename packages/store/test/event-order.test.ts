/** Two connections append at once: the one that came second waits for the first to commit. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { openStore } from '../src/index.ts';
import { findPostgres, startPostgres } from '../src/testing/index.ts';

const event = { type: 't', subject: 's', team: '', timeMs: 1, data: '{}' };

describe.skipIf(findPostgres() === undefined)('events of two connections to Postgres', () => {
  it('are read in the order of their numbers, also while the lower number is not committed', async () => {
    await using server = await startPostgres();
    const url = await server.createDatabase('events');
    await using store = await openStore({ url });
    const slow = new Client({ connectionString: url });
    await slow.connect();
    await slow.query("begin; update counters set value = value + 1 where name = 'events'");
    await slow.query("insert into events values (1, 'slow', 't', 's', '', 1, '{}')");
    const appended = store.events.append({ ...event, id: 'fast' });
    await waitForLock(server.urlOf('events'));
    expect(await store.events.read({ afterSeq: 0, limit: 9 })).toEqual({ items: [], lastSeq: 0 });
    await slow.query('commit');
    await slow.end();
    expect(await appended).toBe(2);
    const { items } = await store.events.read({ afterSeq: 0, limit: 9 });
    expect(items.map(({ id }) => id)).toEqual(['slow', 'fast']);
  });
});

async function waitForLock(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (let waiting = 0; waiting === 0; await sleep(10)) {
    const { rows } = await client.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'");
    waiting = rows.length;
  }
  await client.end();
}
