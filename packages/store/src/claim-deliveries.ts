/** Claims the oldest deliveries that may be worked on now; on Postgres several replicas claim side by side. */

import { type Kysely, sql } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import { DELIVERY_COLUMNS, toDelivery } from './delivery-row.ts';
import type { ClaimedDelivery, ClaimRequest } from './delivery-store.ts';

/** Spelled out, not bound: only so does SQLite see that its partial index covers the query. */
export const OPEN_STATES = [sql.lit('pending'), sql.lit('claimed')] as const;

/**
 * SKIP LOCKED is for Postgres; SQLite has one writer at a time and knows no row locks. The choice is a step of its own: as
 * a subquery Postgres may run it more than once, and each time it locks other rows.
 */
export async function claimDeliveries(
  db: Kysely<DatabaseSchema>,
  dialect: 'sqlite' | 'postgres',
  request: ClaimRequest,
): Promise<readonly ClaimedDelivery[]> {
  const rows = await db
    .with(
      (name) => name('chosen').materialized(),
      () => claimable(db, dialect, request),
    )
    .updateTable('deliveries')
    .from('chosen')
    .set((column) => ({
      state: 'claimed',
      owner: request.owner,
      lease_until: request.nowMs + request.leaseMs,
      attempts: column('deliveries.attempts', '+', 1),
    }))
    .whereRef('deliveries.host', '=', 'chosen.host')
    .whereRef('deliveries.id', '=', 'chosen.id')
    .returning(DELIVERY_COLUMNS.map((column) => `deliveries.${column}` as const))
    .execute();
  return rows.map(toDelivery).sort((a, b) => a.seq - b.seq);
}

function claimable(
  db: Kysely<DatabaseSchema>,
  dialect: 'sqlite' | 'postgres',
  { nowMs, limit }: ClaimRequest,
) {
  return db
    .selectFrom('deliveries as d')
    .select(['d.host', 'd.id'])
    .where('d.state', 'in', OPEN_STATES)
    .where((is) =>
      is.or([
        is('d.state', '=', sql.lit('pending')).and('d.not_before', '<=', nowMs),
        is('d.state', '=', sql.lit('claimed')).and('d.lease_until', '<=', nowMs),
      ]),
    )
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('deliveries as older')
            .select('older.seq')
            .whereRef('older.subject', '=', 'd.subject')
            .whereRef('older.seq', '<', 'd.seq')
            .where('older.state', 'in', OPEN_STATES),
        ),
      ),
    )
    .orderBy('d.seq')
    .limit(limit)
    .$if(dialect === 'postgres', (query) => query.forUpdate().skipLocked());
}
