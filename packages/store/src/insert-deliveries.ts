/** Inserts a batch of deliveries with one statement, hence one commit, and tells the outcome of each. */

import type { Kysely } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import type { Database } from './database.ts';
import { DELIVERY_COLUMNS, toDelivery } from './delivery-row.ts';
import type { DeliveryKey, InsertOutcome } from './delivery-store.ts';
import { compileInsert, type NewDeliveryRow } from './insert-statement.ts';
import { hashBody, unpackBody } from './stored-body.ts';
import { StoreError } from './store-error.ts';

type UnplacedRow = Omit<NewDeliveryRow, 'seq'>;

/** Outcomes come in the order of `batch`; a second delivery of one id in the batch is compared with the stored first. */
export async function insertDeliveries(
  { durable: db, dialect }: Pick<Database, 'durable' | 'dialect'>,
  batch: readonly UnplacedRow[],
  nextSeq: () => number,
): Promise<readonly InsertOutcome[]> {
  const firsts = firstOfEachKey(batch);
  const inserted = await insertNew(
    { db, dialect },
    [...firsts].map(([, delivery]) => delivery),
    nextSeq,
  );
  return Promise.all(
    batch.map((delivery, index) =>
      firsts.has(index) && inserted.has(keyText(delivery))
        ? Promise.resolve<InsertOutcome>({ kind: 'inserted' })
        : compareWithStored(db, delivery),
    ),
  );
}

/** By index in the batch: one statement must not touch a row twice. */
function firstOfEachKey(batch: readonly UnplacedRow[]): ReadonlyMap<number, UnplacedRow> {
  const seen = new Set<string>();
  return new Map(
    [...batch.entries()].filter(([, delivery]) => {
      const isFirst = !seen.has(keyText(delivery));
      seen.add(keyText(delivery));
      return isFirst;
    }),
  );
}

async function insertNew(
  { db, dialect }: { readonly db: Kysely<DatabaseSchema>; readonly dialect: Database['dialect'] },
  deliveries: readonly UnplacedRow[],
  nextSeq: () => number,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.executeQuery(
    compileInsert(
      dialect,
      deliveries.map((delivery) => ({ ...delivery, seq: nextSeq() })),
    ),
  );
  return new Set(rows.map(keyText));
}

async function compareWithStored(db: Kysely<DatabaseSchema>, delivery: UnplacedRow): Promise<InsertOutcome> {
  const row = await db
    .selectFrom('deliveries')
    .select([...DELIVERY_COLUMNS, 'body', 'body_sha256'])
    .where('host', '=', delivery.host)
    .where('id', '=', delivery.id)
    .executeTakeFirst();
  if (row === undefined)
    throw new StoreError('STORE_QUERY_FAILED', 'a delivery was neither inserted nor found');
  const stored = row.body_sha256 ?? hashBody(unpackBody(row.body));
  return { kind: stored === delivery.body_sha256 ? 'duplicate' : 'conflict', stored: toDelivery(row) };
}

function keyText({ host, id }: DeliveryKey): string {
  return `${host} ${id}`;
}
