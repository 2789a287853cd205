/** Between the rows of table `deliveries` and the values that callers see. */

import type { Selectable } from 'kysely';
import type { DeliveriesTable } from './database-schema.ts';
import type { Delivery, DeliveryState, NewDelivery } from './delivery-store.ts';
import type { NewDeliveryRow } from './insert-statement.ts';
import { readNameList, writeNameList } from './name-list.ts';
import { hashBody } from './stored-body.ts';
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
  'teams',
  'forge',
  'traceparent',
  'secret_name',
  'gap_filled',
  'outcome',
  'has_payload',
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
    teams: readNameList(row.teams),
    forge: row.forge,
    traceparent: row.traceparent,
    secretName: row.secret_name,
    gapFilled: row.gap_filled === 1,
    outcome: row.outcome ?? undefined,
    hasPayload: row.has_payload === 1,
  };
}

/** Without its place in the order, which it gets when it is committed; a body that is not kept is gone from here on. */
export function toDeliveryRow(delivery: NewDelivery): Omit<NewDeliveryRow, 'seq'> {
  const ignored = delivery.state === 'ignored';
  const keepBody = delivery.keepBody ?? !ignored;
  return {
    host: delivery.host,
    id: delivery.id,
    event: delivery.event,
    action: delivery.action,
    repository: delivery.repository,
    subject: delivery.subject,
    occurred_at: delivery.occurredAtMs,
    received_at: delivery.receivedAtMs,
    headers: JSON.stringify(delivery.headers),
    body: keepBody ? delivery.body : new Uint8Array(),
    state: delivery.state,
    decision: delivery.decision,
    reason: delivery.reason ?? null,
    not_before: delivery.receivedAtMs,
    finished_at: ignored ? delivery.receivedAtMs : null,
    ...toLateColumns(delivery),
    body_sha256: hashBody(delivery.body),
    has_payload: keepBody ? 1 : 0,
  };
}

function toLateColumns({ teams = [], forge = 'github', ...delivery }: NewDelivery) {
  return {
    teams: writeNameList(teams),
    forge,
    traceparent: delivery.traceparent ?? '',
    secret_name: delivery.secretName ?? '',
    gap_filled: delivery.gapFilled === true ? 1 : 0,
  };
}

function toState(text: string): DeliveryState {
  const state = STATES.find((known) => known === text);
  if (state === undefined)
    throw new StoreError('STORE_QUERY_FAILED', `unknown delivery state ${JSON.stringify(text)}`);
  return state;
}
