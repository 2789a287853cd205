/** The deliveries of a database. */

import { type Kysely, sql } from 'kysely';
import { claimDeliveries } from './claim-deliveries.ts';
import type { DatabaseSchema } from './database-schema.ts';
import type { Database } from './database.ts';
import { DELIVERY_COLUMNS, toDelivery } from './delivery-row.ts';
import type {
  Delivery,
  DeliveryKey,
  DeliveryStore,
  InsertOutcome,
  NewDelivery,
  RetryRequest,
} from './delivery-store.ts';
import { createGroupCommit } from './group-commit.ts';
import { insertDeliveries } from './insert-deliveries.ts';
import { createSequenceClock } from './sequence-clock.ts';

/** Keeps one statement below 2,500 bound values and a batch's wait below a few milliseconds. */
const MAX_BATCH = 128;

/** `settled` resolves when no commit is under way. */
export function createDeliveryStore({
  dialect,
  durable,
  relaxed: db,
}: Database): DeliveryStore & { settled(): Promise<void> } {
  const nextSeq = createSequenceClock();
  const inserts = createGroupCommit<NewDelivery, InsertOutcome>({
    maxSize: MAX_BATCH,
    commit: (batch) => insertDeliveries(durable, batch, nextSeq),
  });
  const finishes = createGroupCommit<DeliveryKey, 'finished'>({
    maxSize: MAX_BATCH,
    commit: (keys) => finishDeliveries(db, keys),
  });
  return {
    insert: (delivery) => inserts.add(delivery),
    finish: async (key) => void (await finishes.add(key)),
    claim: (request) => claimDeliveries(db, dialect, request),
    get: (key) => getDelivery(db, key),
    fail: (key, reason) => failDelivery(db, key, reason),
    retry: (key, request) => retryDelivery(db, key, request),
    releaseClaims: (owner) => releaseClaims(db, owner),
    hasNewer: (delivery, actions) => hasNewer(db, delivery, actions),
    queueDepth: () => readQueueDepth(db),
    list: (query) => listDeliveries(db, query),
    settled: async () => {
      await inserts.settled();
      await finishes.settled();
    },
  };
}

async function finishDeliveries(
  db: Kysely<DatabaseSchema>,
  keys: readonly DeliveryKey[],
): Promise<readonly 'finished'[]> {
  await db
    .updateTable('deliveries')
    .set({ state: 'done', reason: null, owner: null, lease_until: null, finished_at: Date.now() })
    .where((is) => is.or(keys.map(({ host, id }) => is('host', '=', host).and('id', '=', id))))
    .execute();
  return keys.map(() => 'finished');
}

async function getDelivery(
  db: Kysely<DatabaseSchema>,
  { host, id }: DeliveryKey,
): Promise<Delivery | undefined> {
  const query = db
    .selectFrom('deliveries')
    .select(DELIVERY_COLUMNS)
    .where('host', '=', host)
    .where('id', '=', id);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : toDelivery(row);
}

async function failDelivery(
  db: Kysely<DatabaseSchema>,
  { host, id }: DeliveryKey,
  reason: string,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ state: 'failed', reason, owner: null, lease_until: null, finished_at: Date.now() })
    .where('host', '=', host)
    .where('id', '=', id)
    .execute();
}

async function retryDelivery(
  db: Kysely<DatabaseSchema>,
  { host, id }: DeliveryKey,
  { notBeforeMs, reason }: RetryRequest,
): Promise<void> {
  await db
    .updateTable('deliveries')
    .set({ state: 'pending', reason, owner: null, lease_until: null, not_before: notBeforeMs })
    .where('host', '=', host)
    .where('id', '=', id)
    .execute();
}

async function releaseClaims(db: Kysely<DatabaseSchema>, owner: string): Promise<number> {
  const rows = await db
    .updateTable('deliveries')
    .set({ state: 'pending', owner: null, lease_until: null })
    .where('state', '=', 'claimed')
    .where('owner', '=', owner)
    .returning('seq')
    .execute();
  return rows.length;
}

async function hasNewer(
  db: Kysely<DatabaseSchema>,
  { subject, occurredAtMs, seq }: Pick<Delivery, 'subject' | 'occurredAtMs' | 'seq'>,
  actions: readonly string[],
): Promise<boolean> {
  const row = await db
    .selectFrom('deliveries')
    .select('seq')
    .where('subject', '=', subject)
    .where('state', '!=', 'ignored')
    .where('action', 'in', actions)
    .where((is) =>
      is.or([
        is('occurred_at', '>', occurredAtMs),
        is('occurred_at', '=', occurredAtMs).and('seq', '>', seq),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function readQueueDepth(db: Kysely<DatabaseSchema>) {
  const row = await db
    .selectFrom('deliveries')
    .select((row) => [row.fn.countAll().as('depth'), row.fn.min('received_at').as('oldest')])
    .where('state', 'in', [sql.lit('pending'), sql.lit('claimed')])
    .executeTakeFirst();
  return { depth: Number(row?.depth ?? 0), oldestReceivedAtMs: row?.oldest ?? undefined };
}

async function listDeliveries(
  db: Kysely<DatabaseSchema>,
  { limit, state }: Parameters<DeliveryStore['list']>[0],
): Promise<readonly Delivery[]> {
  let query = db.selectFrom('deliveries').select(DELIVERY_COLUMNS).orderBy('seq', 'desc').limit(limit);
  if (state !== undefined) query = query.where('state', '=', state);
  return (await query.execute()).map(toDelivery);
}
