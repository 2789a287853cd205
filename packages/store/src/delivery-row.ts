/** Between the rows of table `deliveries` and the values that callers see. */

import type { Insertable, Selectable } from 'kysely';
import type { DeliveriesTable } from './database-schema.ts';
import type { Delivery, DeliveryState, NewDelivery } from './delivery-store.ts';
import { packBody } from './stored-body.ts';
import { StoreError } from './store-error.ts';

/** The columns of a `Delivery`: all but the body and the headers. */
export const DELIVERY_COLUMNS = [
  'host',
  'id',
  'seq',
  'event',
  'action',
  'repository',
  'subject',
  'occurred_at',
  'received_at',
  'state',
  'decision',
  'reason',
  'attempts',
  'finished_at',
] as const;

type DeliveryRow = Pick<Selectable<DeliveriesTable>, (typeof DELIVERY_COLUMNS)[number]>;

const STATES: readonly DeliveryState[] = ['pending', 'claimed', 'done', 'failed', 'ignored'];

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    host: row.host,
    id: row.id,
    seq: row.seq,
    event: row.event,
    action: row.action,
    repository: row.repository,
    subject: row.subject,
    occurredAtMs: row.occurred_at,
    receivedAtMs: row.received_at,
    state: toState(row.state),
    decision: row.decision,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
    finishedAtMs: row.finished_at ?? undefined,
  };
}

export function toDeliveryRow(delivery: NewDelivery, seq: number): Insertable<DeliveriesTable> {
  return {
    host: delivery.host,
    id: delivery.id,
    seq,
    event: delivery.event,
    action: delivery.action,
    repository: delivery.repository,
    subject: delivery.subject,
    occurred_at: delivery.occurredAtMs,
    received_at: delivery.receivedAtMs,
    headers: JSON.stringify(delivery.headers),
    body: packBody(delivery.body),
    state: delivery.state,
    decision: delivery.decision,
    reason: delivery.reason ?? null,
    not_before: delivery.receivedAtMs,
    finished_at: delivery.state === 'ignored' ? delivery.receivedAtMs : null,
  };
}

function toState(text: string): DeliveryState {
  const state = STATES.find((known) => known === text);
  if (state === undefined)
    throw new StoreError('STORE_QUERY_FAILED', `unknown delivery state ${JSON.stringify(text)}`);
  return state;
}
