/** Inserts a batch of deliveries with one statement, hence one commit, and tells the outcome of each. */

import { type Kysely, sql } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import { DELIVERY_COLUMNS, toDelivery, toDeliveryRow } from './delivery-row.ts';
import type { DeliveryKey, InsertOutcome, NewDelivery } from './delivery-store.ts';
import { hashBody, unpackBody } from './stored-body.ts';
import { StoreError } from './store-error.ts';

/** Outcomes come in the order of `batch`; a second delivery of one id in the batch is compared with the stored first. */
export async function insertDeliveries(
  db: Kysely<DatabaseSchema>,
  batch: readonly NewDelivery[],
  nextSeq: () => number,
): Promise<readonly InsertOutcome[]> {
  const firsts = firstOfEachKey(batch);
  const inserted = await insertNew(
    db,
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
  db: Kysely<DatabaseSchema>,
  deliveries: readonly NewDelivery[],
  nextSeq: () => number,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .insertInto('deliveries')
    .values(deliveries.map((delivery) => toDeliveryRow(delivery, nextSeq())))
    .onConflict((conflict) =>
      conflict
        .columns(['host', 'id'])
        .doUpdateSet((row) => ({
          seq: row.ref('excluded.seq'),
          event: row.ref('excluded.event'),
          action: row.ref('excluded.action'),
          repository: row.ref('excluded.repository'),
          subject: row.ref('excluded.subject'),
          occurred_at: row.ref('excluded.occurred_at'),
          received_at: row.ref('excluded.received_at'),
          headers: row.ref('excluded.headers'),
          body: row.ref('excluded.body'),
          state: row.ref('excluded.state'),
          decision: row.ref('excluded.decision'),
          reason: row.ref('excluded.reason'),
          not_before: row.ref('excluded.not_before'),
          finished_at: row.ref('excluded.finished_at'),
          outcome: row.ref('excluded.outcome'),
          teams: row.ref('excluded.teams'),
          forge: row.ref('excluded.forge'),
          traceparent: row.ref('excluded.traceparent'),
          secret_name: row.ref('excluded.secret_name'),
          gap_filled: row.ref('excluded.gap_filled'),
          body_sha256: row.ref('excluded.body_sha256'),
          has_payload: row.ref('excluded.has_payload'),
        }))
        .where('deliveries.state', '=', sql.lit('ignored'))
        .where((row) =>
          row.or([
            row('deliveries.body_sha256', 'is', null),
            row('deliveries.body_sha256', '=', row.ref('excluded.body_sha256')),
          ]),
        ),
    )
    .returning(['host', 'id'])
    .execute();
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
