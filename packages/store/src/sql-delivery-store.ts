/** The deliveries of a database. */

import { type Kysely, sql } from 'kysely';
import { claimDeliveries, OPEN_STATES } from './claim-deliveries.ts';
import type { DatabaseSchema } from './database-schema.ts';
import type { Database } from './database.ts';
import { DELIVERY_COLUMNS, toDelivery, toDeliveryRow } from './delivery-row.ts';
import type {
  Delivery,
  DeliveryKey,
  DeliveryPayload,
  DeliveryStore,
  InsertOutcome,
  ReceivedRange,
  RetryRequest,
} from './delivery-store.ts';
import { createGroupCommit } from './group-commit.ts';
import { insertDeliveries } from './insert-deliveries.ts';
import { listDeliveries } from './list-deliveries.ts';
import { pruneDeliveries, prunePayloads } from './prune-deliveries.ts';
import { createSequenceClock } from './sequence-clock.ts';
import { StoreError } from './store-error.ts';
import { unpackBody } from './stored-body.ts';

/** Keeps one statement below 3,500 bound values and a batch's wait below a few milliseconds. */
const MAX_BATCH = 128;

/** Of one question; an expression of more branches is too deep for SQLite. */
const MAX_KEYS = 500;

/** `settled` resolves when no commit is under way. */
export function createDeliveryStore({
  dialect,
  durable,
  relaxed: db,
}: Database): DeliveryStore & { settled(): Promise<void> } {
  const nextSeq = createSequenceClock();
  const inserts = createGroupCommit<ReturnType<typeof toDeliveryRow>, InsertOutcome>({
    maxSize: MAX_BATCH,
    bytesOf: ({ body }) => body.length,
    commit: (batch) => insertDeliveries({ durable, dialect }, batch, nextSeq),
  });
  const ends = createGroupCommit<EndedDelivery, 'ended'>({
    maxSize: MAX_BATCH,
    commit: (batch) => endDeliveries(db, batch),
  });
  return {
    insert: async (delivery) => await inserts.add(toDeliveryRow(delivery)),
    finish: async (key, outcome) => void (await ends.add({ key, state: 'done', outcome })),
    fail: async (key, reason, outcome) => void (await ends.add({ key, state: 'failed', reason, outcome })),
    claim: (request) => claimDeliveries(db, dialect, request),
    get: (key) => getDelivery(db, key),
    readPayload: (key) => readPayload(db, key),
    findKnown: (keys) => findKnown(db, keys),
    retry: (key, request) => retryDelivery(db, key, request),
    releaseClaims: (owner) => releaseClaims(db, owner),
    hasNewer: (delivery, actions) => hasNewer(db, delivery, actions),
    queueDepth: () => readQueueDepth(db),
    list: (query) => listDeliveries(db, query),
    listOfSubject: (subject, limit) => listOfSubject(db, subject, limit),
    receivedRange: (host) => readReceivedRange(db, host),
    prune: (query) => pruneDeliveries(db, query),
    prunePayloads: (query) => prunePayloads(db, query),
    settled: async () => {
      await inserts.settled();
      await ends.settled();
    },
  };
}

interface EndedDelivery {
  readonly key: DeliveryKey;
  readonly state: 'done' | 'failed';
  readonly reason?: string;
  readonly outcome: string | undefined;
}

async function endDeliveries(
  db: Kysely<DatabaseSchema>,
  batch: readonly EndedDelivery[],
): Promise<readonly 'ended'[]> {
  const rows = batch.map(
    ({ key, state, reason, outcome }) =>
      sql`(${key.host}, ${key.id}, ${state}, ${reason ?? null}, ${outcome ?? null})`,
  );
  await sql`with ended (host, id, state, reason, outcome) as (values ${sql.join(rows)})
    update deliveries set state = ended.state, reason = ended.reason, outcome = ended.outcome,
      owner = null, lease_until = null, finished_at = ${Date.now()}
    from ended where deliveries.host = ended.host and deliveries.id = ended.id`.execute(db);
  return batch.map(() => 'ended');
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

async function readPayload(
  db: Kysely<DatabaseSchema>,
  { host, id }: DeliveryKey,
): Promise<DeliveryPayload | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select(['headers', 'body'])
    .where('host', '=', host)
    .where('id', '=', id)
    .where('has_payload', '=', 1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  // Our own text, so it is trusted.
  const headers: Record<string, string> = JSON.parse(row.headers);
  return { headers, body: unpackBody(row.body) };
}

async function findKnown(
  db: Kysely<DatabaseSchema>,
  keys: readonly DeliveryKey[],
): Promise<readonly DeliveryKey[]> {
  if (keys.length > MAX_KEYS)
    throw new StoreError('STORE_QUERY_FAILED', `${keys.length} keys at once, at most ${MAX_KEYS}`);
  if (keys.length === 0) return [];
  return await db
    .selectFrom('deliveries')
    .select(['host', 'id'])
    .where((is) => is.or(keys.map(({ host, id }) => is('host', '=', host).and('id', '=', id))))
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
    .where('state', 'in', OPEN_STATES)
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
    .where('state', 'in', OPEN_STATES)
    .executeTakeFirst();
  return { depth: Number(row?.depth ?? 0), oldestReceivedAtMs: row?.oldest ?? undefined };
}

async function listOfSubject(
  db: Kysely<DatabaseSchema>,
  subject: string,
  limit: number,
): Promise<readonly Delivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select(DELIVERY_COLUMNS)
    .where('subject', '=', subject)
    .orderBy('occurred_at', 'desc')
    .orderBy('seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toDelivery);
}

async function readReceivedRange(
  db: Kysely<DatabaseSchema>,
  host: string | undefined,
): Promise<ReceivedRange | undefined> {
  const readEnd = async (order: 'asc' | 'desc'): Promise<number | undefined> => {
    const ends = db.selectFrom('deliveries').select('received_at').orderBy('seq', order).limit(1);
    const row = await (host === undefined ? ends : ends.where('host', '=', host)).executeTakeFirst();
    return row?.received_at;
  };
  const [oldestMs, newestMs] = [await readEnd('asc'), await readEnd('desc')];
  return oldestMs === undefined || newestMs === undefined ? undefined : { oldestMs, newestMs };
}
