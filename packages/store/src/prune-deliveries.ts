/** Retention of deliveries, in batches small enough that nobody waits for them. */

import { type Kysely, sql } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';

const DEFAULT_BATCH = 500;
const FINISHED_STATES = [sql.lit('done'), sql.lit('failed'), sql.lit('ignored')] as const;
/** `seq` is epoch microseconds: what arrived before a time is a range of its index. */
const SEQ_PER_MS = 1_000;

/** Deletes finished deliveries that arrived before, and the oldest finished ones above `keepAtMost`. */
export async function pruneDeliveries(
  db: Kysely<DatabaseSchema>,
  query: { readonly olderThanMs: number; readonly keepAtMost?: number; readonly limit?: number },
): Promise<number> {
  const surplusSeq = query.keepAtMost === undefined ? 0 : await readNthNewestSeq(db, query.keepAtMost);
  const beforeSeq = Math.max(query.olderThanMs * SEQ_PER_MS, surplusSeq + 1);
  const oldest = db
    .selectFrom('deliveries')
    .select('seq')
    .where('seq', '<', beforeSeq)
    .where('state', 'in', FINISHED_STATES)
    .orderBy('seq')
    .limit(query.limit ?? DEFAULT_BATCH);
  const { numDeletedRows } = await db
    .deleteFrom('deliveries')
    .where('seq', 'in', oldest)
    .where('state', 'in', FINISHED_STATES)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Of the newest delivery that is one too many; 0 where there are not that many. */
async function readNthNewestSeq(db: Kysely<DatabaseSchema>, keepAtMost: number): Promise<number> {
  const row = await db
    .selectFrom('deliveries')
    .select('seq')
    .orderBy('seq', 'desc')
    .offset(keepAtMost)
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? 0;
}

/** Empties the bodies of finished deliveries that arrived before; rows without a hash keep theirs, to tell duplicates. */
export async function prunePayloads(
  db: Kysely<DatabaseSchema>,
  query: { readonly olderThanMs: number; readonly limit?: number },
): Promise<number> {
  const oldest = db
    .selectFrom('deliveries')
    .select('seq')
    .where('has_payload', '=', sql.lit(1))
    .where('seq', '<', query.olderThanMs * SEQ_PER_MS)
    .where('state', 'in', FINISHED_STATES)
    .where('body_sha256', 'is not', null)
    .orderBy('seq')
    .limit(query.limit ?? DEFAULT_BATCH);
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ body: new Uint8Array(), headers: '{}', has_payload: 0 })
    .where('seq', 'in', oldest)
    .where('state', 'in', FINISHED_STATES)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}
