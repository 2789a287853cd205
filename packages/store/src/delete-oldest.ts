/** Deletes what is older than a time, oldest first, in batches small enough that nobody waits for them. */

import { type Kysely, sql } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';

const DEFAULT_BATCH = 500;

/** For each table its key and the column of its time, which has an index. */
const TABLES = {
  events: { key: 'seq', time: 'time' },
  audit: { key: 'id', time: 'time' },
  idempotency_keys: { key: 'caller, key', time: 'created_at' },
} as const;

/** Tells how many rows went, at most `limit` (default 500). */
export async function deleteOldest(
  db: Kysely<DatabaseSchema>,
  table: keyof typeof TABLES,
  { olderThanMs, limit = DEFAULT_BATCH }: { readonly olderThanMs: number; readonly limit?: number },
): Promise<number> {
  const key = sql.raw(TABLES[table].key);
  const time = sql.ref(TABLES[table].time);
  const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)} where (${key}) in
    (select ${key} from ${sql.table(table)} where ${time} < ${olderThanMs} order by ${time} limit ${limit})`.execute(
    db,
  );
  return Number(numAffectedRows);
}
