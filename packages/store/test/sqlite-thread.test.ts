/** Many callers share one connection in a thread: what they ask together goes together, and nobody is within another's transaction. */

import { sql } from 'kysely';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import type { Database } from '../src/database.ts';
import { openDatabase } from '../src/open-database.ts';

let opened: Database | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await opened?.destroy();
});

async function open(): Promise<Database> {
  opened = await openDatabase({ url: 'sqlite::memory:' });
  await sql`create table words (word text not null unique)`.execute(opened.relaxed);
  return opened;
}

async function add({ relaxed }: Pick<Database, 'relaxed'>, word: unknown): Promise<void> {
  await sql`insert into words (word) values (${word})`.execute(relaxed);
}

async function readWords({ relaxed }: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ word: string }>`select word from words order by rowid`.execute(relaxed);
  return rows.map(({ word }) => word);
}

it('sends what is asked together in one message, in the order of the calls', async () => {
  const database = await open();
  const sent = vi.spyOn(Worker.prototype, 'postMessage');
  await Promise.all(['a', 'b', 'c', 'd'].map((word) => add(database, word)));
  expect(sent).toHaveBeenCalledTimes(1);
  expect(await readWords(database)).toEqual(['a', 'b', 'c', 'd']);
});

it('refuses one statement of a message and executes the others', async () => {
  const database = await open();
  const outcomes = await Promise.allSettled(['a', 'a', null, 'b'].map((word) => add(database, word)));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'STORE_QUERY_FAILED' } });
  expect(await readWords(database)).toEqual(['a', 'b']);
});

it('refuses a value that no thread can be sent, and nothing else', async () => {
  const database = await open();
  const strange = add(database, Symbol('none'));
  await Promise.all([
    expect(strange).rejects.toMatchObject({ code: 'STORE_QUERY_FAILED' }),
    add(database, 'a'),
  ]);
  expect(await readWords(database)).toEqual(['a']);
});

it('keeps what others write while a transaction is open, though that is rolled back', async () => {
  const database = await open();
  const others: Promise<void>[] = [];
  const failing = database.relaxed.transaction().execute(async (transaction) => {
    await add({ relaxed: transaction }, 'of the transaction');
    others.push(add(database, 'of another'), add({ relaxed: database.durable }, 'durable'));
    await add({ relaxed: transaction }, 'of the transaction, too');
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  await Promise.all(others);
  expect(await readWords(database)).toEqual(['of another', 'durable']);
});

it('takes on statements again when a transaction could not begin', async () => {
  const database = await open();
  await sql`begin`.execute(database.relaxed);
  const within = database.relaxed.transaction().execute(() => add(database, 'never'));
  await expect(within).rejects.toMatchObject({ code: 'STORE_QUERY_FAILED' });
  await sql`rollback`.execute(database.relaxed);
  await add(database, 'a');
  expect(await readWords(database)).toEqual(['a']);
});

it('executes what was asked before it is closed', async () => {
  const database = await open();
  const asked = [add(database, 'a'), readWords(database)];
  opened = undefined;
  await Promise.all([asked[0], database.destroy()]);
  expect(await asked[1]).toEqual(['a']);
});
