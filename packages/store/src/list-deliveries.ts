/** Lists deliveries, newest first, in pages. */

import { type Kysely, sql } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import { DELIVERY_COLUMNS, toDelivery } from './delivery-row.ts';
import type { Delivery, DeliveryQuery } from './delivery-store.ts';
import { isAnyOf } from './is-any-of.ts';
import { listHasAny } from './name-list.ts';
import { readCursor } from './page-cursor.ts';
import type { Page } from './page.ts';
import { takePage } from './take-page.ts';

export async function listDeliveries(
  db: Kysely<DatabaseSchema>,
  query: DeliveryQuery,
): Promise<Page<Delivery>> {
  const rows = await filterDeliveries(db, query)
    .orderBy('seq', 'desc')
    .orderBy('host', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  return takePage(rows, query.limit, toDelivery, ({ seq, host, id }) => [seq, host, id]);
}

function filterDeliveries(
  db: Kysely<DatabaseSchema>,
  { after, teams, states, host, repository, event, sinceMs, untilMs }: DeliveryQuery,
) {
  return db
    .selectFrom('deliveries')
    .select(DELIVERY_COLUMNS)
    .$if(after !== undefined, (query) => query.where(isAfter(after ?? '')))
    .$if(teams !== undefined, (query) => query.where(listHasAny(sql.ref('teams'), teams ?? [])))
    .$if(states !== undefined, (query) => query.where(isAnyOf('state', states ?? [])))
    .$if(host !== undefined, (query) => query.where('host', '=', host ?? ''))
    .$if(repository !== undefined, (query) =>
      query.where('repository', '=', (repository ?? '').toLowerCase()),
    )
    .$if(event !== undefined, (query) => query.where('event', '=', event ?? ''))
    .$if(sinceMs !== undefined, (query) => query.where('received_at', '>=', sinceMs ?? 0))
    .$if(untilMs !== undefined, (query) => query.where('received_at', '<', untilMs ?? 0));
}

function isAfter(cursor: string) {
  const [seq, host, id] = readCursor(cursor, 2);
  return sql<boolean>`(seq, host, id) < (${seq}, ${host}, ${id})`;
}
