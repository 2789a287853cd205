/** Postgres keeps our inserts parsed, and nothing that a migration by another replica would spoil. */

import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openDatabase } from '../src/open-database.ts';
import { openStore } from '../src/index.ts';
import { findPostgres, startPostgres } from '../src/testing/index.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';

const facts = {
  host: 'github.com',
  repository: 'acme/demo-api',
  number: 7,
  headSha: 'abc',
  baseRef: 'main',
  author: 'octocat',
  title: 'Title',
  fromFork: false,
  draft: false,
  state: 'open',
  teams: [],
  dependsOn: [],
  updatedAtMs: 1_000,
} as const;

it.skipIf(findPostgres() === undefined)(
  'parses an insert once for each connection, and no other statement',
  async () => {
    await using server = await startPostgres();
    const database = await openDatabase({ url: await server.createDatabase('kept'), maxConnections: 1 });
    await sql`create table words (word text not null)`.execute(database.relaxed);
    for (const word of ['a', 'b']) {
      await sql`insert into words (word) values (${word})`.execute(database.relaxed);
      await sql`insert into words (word) values (${word}) returning *`.execute(database.relaxed);
      await sql`select word from words where word = ${word}`.execute(database.relaxed);
    }
    const kept = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(
      database.relaxed,
    );
    expect(kept.rows).toEqual([{ statement: 'insert into words (word) values ($1)' }]);
    await database.destroy();
  },
);

it.skipIf(findPostgres() === undefined)('goes on while another replica migrates the tables', async () => {
  await using server = await startPostgres();
  const url = await server.createDatabase('migrated');
  await using store = await openStore({ url, maxConnections: 2 });
  const use = async (id: string): Promise<void> => {
    expect(await store.deliveries.insert(newDelivery({ id }))).toEqual({ kind: 'inserted' });
    expect(await store.pullRequests.upsert(facts)).toMatchObject({ headSha: 'abc' });
    expect(await store.pullRequests.get(facts)).toMatchObject({ headSha: 'abc' });
  };
  for (const id of ['1', '2', '3', '4', '5', '6', '7']) await use(id);
  const other = await openDatabase({ url });
  for (const table of ['deliveries', 'pull_requests'])
    await sql`alter table ${sql.table(table)} add column later text not null default ''`.execute(
      other.relaxed,
    );
  await other.destroy();
  await use('8');
});
