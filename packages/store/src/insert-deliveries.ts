/** Inserts a batch of deliveries with one statement, hence one commit, and tells the outcome of each. */

import type { Kysely } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import type { Database } from './database.ts';
import { DELIVERY_COLUMNS, toDelivery, toDeliveryRow } from './delivery-row.ts';
import type { DeliveryKey, InsertOutcome, NewDelivery } from './delivery-store.ts';
import { compileInsert } from './insert-statement.ts';
import { hashBody, unpackBody } from './stored-body.ts';
import { StoreError } from './store-error.ts';

/** Outcomes come in the order of `batch`; a second delivery of one id in the batch is compared with the stored first. */
export async function insertDeliveries(
  { durable: db, dialect }: Pick<Database, 'durable' | 'dialect'>,
  batch: readonly NewDelivery[],
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
function firstOfEachKey(batch: readonly NewDelivery[]): ReadonlyMap<number, NewDelivery> {
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
  deliveries: readonly NewDelivery[],
  nextSeq: () => number,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.executeQuery(
    compileInsert(
      dialect,
      deliveries.map((delivery) => toDeliveryRow(delivery, nextSeq())),
    ),
  );
  return new Set(rows.map(keyText));
}

async function compareWithStored(db: Kysely<DatabaseSchema>, delivery: NewDelivery): Promise<InsertOutcome> {
  const row = await db
    .selectFrom('deliveries')
    .select([...DELIVERY_COLUMNS, 'body', 'body_sha256'])
    .where('host', '=', delivery.host)
    .where('id', '=', delivery.id)
    .executeTakeFirst();
  if (row === undefined)
    throw new StoreError('STORE_QUERY_FAILED', 'a delivery was neither inserted nor found');
  const stored = row.body_sha256 ?? hashBody(unpackBody(row.body));
  const same = stored === hashBody(delivery.body);
  return { kind: same ? 'duplicate' : 'conflict', stored: toDelivery(row) };
}

function keyText({ host, id }: DeliveryKey): string {
  return `${host} ${id}`;
}
