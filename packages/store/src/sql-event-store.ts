/**
 * The events of a database. Their order is a row of `counters`: whoever appends raises it and so holds it until the
 * events are committed. An order out of a sequence would let a reader see number 8 before 7 is committed, and go on from 8.
 */

import type { Kysely, Selectable, Transaction } from 'kysely';
import type { DatabaseSchema, EventsTable } from './database-schema.ts';
import type { EventRow, EventStore, NewEvent } from './event-store.ts';
import { createGroupCommit } from './group-commit.ts';
import { isAnyOf } from './is-any-of.ts';
import { deleteOldest } from './delete-oldest.ts';

const MAX_BATCH = 128;

/** `settled` resolves when no commit is under way. */
export function createEventStore(db: Kysely<DatabaseSchema>): EventStore & { settled(): Promise<void> } {
  const appends = createGroupCommit<NewEvent, { readonly seq: number | undefined }>({
    maxSize: MAX_BATCH,
    commit: (batch) => appendEvents(db, batch),
  });
  return {
    append: async (event) => (await appends.add(event)).seq,
    read: (query) => readEvents(db, query),
    newestSeq: () => readNewestSeq(db),
    prune: (query) => deleteOldest(db, 'events', query),
    settled: () => appends.settled(),
  };
}

async function appendEvents(
  db: Kysely<DatabaseSchema>,
  batch: readonly NewEvent[],
): Promise<readonly { readonly seq: number | undefined }[]> {
  const firsts = batch.filter(({ id }, index) => batch.findIndex((other) => other.id === id) === index);
  const appended = await db.transaction().execute(async (transaction) => {
    const seq = await raiseCounter(transaction, firsts.length);
    return await transaction
      .insertInto('events')
      .values(firsts.map((event, index) => toRow(event, seq - firsts.length + 1 + index)))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning(['id', 'seq'])
      .execute();
  });
  const seqs = new Map(appended.map(({ id, seq }) => [id, seq]));
  // Of two in one batch with the same id the first one is appended, so only it is told the place.
  return batch.map(({ id }) => {
    const seq = seqs.get(id);
    seqs.delete(id);
    return { seq };
  });
}

async function raiseCounter(transaction: Transaction<DatabaseSchema>, by: number): Promise<number> {
  const { value } = await transaction
    .updateTable('counters')
    .set((row) => ({ value: row('value', '+', by) }))
    .where('name', '=', 'events')
    .returning('value')
    .executeTakeFirstOrThrow();
  return value;
}

async function readEvents(
  db: Kysely<DatabaseSchema>,
  { afterSeq, limit, teams }: Parameters<EventStore['read']>[0],
): ReturnType<EventStore['read']> {
  // Asked first: what is appended between the two questions is left to the next reading.
  const newest = await readNewestSeq(db);
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('seq', '>', afterSeq)
    .where('seq', '<=', newest)
    .$if(teams !== undefined, (query) => query.where(isAnyOf('team', teams ?? [])))
    .orderBy('seq')
    .limit(limit)
    .execute();
  const items = rows.map(toEvent);
  const isFull = items.length === limit;
  return { items, lastSeq: (isFull ? items.at(-1)?.seq : undefined) ?? Math.max(afterSeq, newest) };
}

async function readNewestSeq(db: Kysely<DatabaseSchema>): Promise<number> {
  const row = await db
    .selectFrom('counters')
    .select('value')
    .where('name', '=', 'events')
    .executeTakeFirstOrThrow();
  return row.value;
}

function toRow({ timeMs, ...event }: NewEvent, seq: number): Selectable<EventsTable> {
  return { ...toNamed(event), time: timeMs, seq };
}

const toNamed = ({ id, type, subject, team, data }: Omit<NewEvent, 'timeMs'>) => ({
  id,
  type,
  subject,
  team,
  data,
});

function toEvent({ time, ...row }: Selectable<EventsTable>): EventRow {
  return { ...toNamed(row), seq: row.seq, timeMs: time };
}
