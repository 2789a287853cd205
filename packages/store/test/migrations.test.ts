/** A database of an earlier version, with what it holds. */

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openStore } from '../src/index.ts';
import { migrate } from '../src/migrate.ts';
import { migrations } from '../src/migrations/migrations.ts';
import { openDatabase } from '../src/open-database.ts';
import { packBody } from '../src/stored-body.ts';
import { databaseKinds } from './databases.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';

describe.each(databaseKinds)('a database of version 1 on $name', ({ available, create }) => {
  it.skipIf(!available)('keeps its deliveries and runs, and what is owed is worked off', async () => {
    const { url, remove } = await create();
    const owed = newDelivery({ id: 'owed' });
    await makeFirstVersion(url, packBody(owed.body));
    const store = await openStore({ url });
    const claimed = await store.deliveries.claim({ owner: 'one', nowMs: 9_000, leaseMs: 1_000, limit: 9 });
    expect(claimed).toMatchObject([{ id: 'owed', teams: [], forge: 'github', hasPayload: true }]);
    expect(await store.deliveries.insert(owed)).toMatchObject({ kind: 'duplicate' });
    expect(await store.deliveries.insert({ ...owed, body: Buffer.from('{}') })).toMatchObject({
      kind: 'conflict',
    });
    expect((await store.deliveries.get({ host: '', id: 'ignored' }))?.hasPayload).toBe(false);
    expect(await store.deliveries.insert(newDelivery({ host: '', id: 'ignored' }))).toEqual({
      kind: 'inserted',
    });
    expect((await store.runs.list({ limit: 9 })).items).toMatchObject([
      { app: 'api', apps: ['api'], attempt: 1 },
    ]);
    await store.close();
    await remove();
  });
});

async function makeFirstVersion(url: string, body: Uint8Array): Promise<void> {
  const database = await openDatabase({ url });
  const { durable: db } = database;
  await migrate(db, database.dialect, migrations.slice(0, 1));
  const insert = (host: string, id: string, state: string) =>
    sql`insert into deliveries (host, id, seq, event, action, repository, subject, occurred_at, received_at, headers, body,
      state, decision, not_before)
      values (${host}, ${id}, 1, 'pull_request', 'opened', 'acme/api', 's', 1, 1, '{}', ${body}, ${state}, '{}', 1)`.execute(
      db,
    );
  await insert('github.com', 'owed', 'pending');
  await insert('', 'ignored', 'ignored');
  await sql`insert into runs (namespace, name, pipeline, mode, team, stack, app, repository, sha, delivery, state, reason,
    created_at) values ('ns', 'run', 'p', 'pr', 't', 's', 'api', 'acme/api', 'sha', 'owed', 'running', '', 1)`.execute(
    db,
  );
  await database.migrating?.destroy();
  await database.destroy();
}
