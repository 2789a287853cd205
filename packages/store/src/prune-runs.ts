/** Retention of the history of runs, in batches small enough that nobody waits for them. */

import { type Kysely, sql } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';

const DEFAULT_BATCH = 500;
const FINISHED_STATES = [sql.lit('succeeded'), sql.lit('failed'), sql.lit('cancelled')] as const;

/** Deletes finished runs that were created before, and the oldest finished ones above `keepAtMost`. */
export async function pruneRuns(
  db: Kysely<DatabaseSchema>,
  query: { readonly olderThanMs: number; readonly keepAtMost?: number; readonly limit?: number },
): Promise<number> {
  const surplusAt = query.keepAtMost === undefined ? 0 : await readNthNewestTime(db, query.keepAtMost);
  const oldest = db
    .selectFrom('runs')
    .select(['namespace', 'name'])
    .where('created_at', '<', Math.max(query.olderThanMs, surplusAt))
    .where('state', 'in', FINISHED_STATES)
    .orderBy('created_at')
    .limit(query.limit ?? DEFAULT_BATCH);
  const { numDeletedRows } = await db
    .deleteFrom('runs')
    .where(sql<boolean>`(namespace, name) in (${oldest})`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** When the oldest run that may stay was created; 0 where there are fewer. Runs of that very time stay. */
async function readNthNewestTime(db: Kysely<DatabaseSchema>, keepAtMost: number): Promise<number> {
  const row = await db
    .selectFrom('runs')
    .select('created_at')
    .orderBy('created_at', 'desc')
    .offset(Math.max(0, keepAtMost - 1))
    .limit(1)
    .executeTakeFirst();
  return row?.created_at ?? 0;
}
