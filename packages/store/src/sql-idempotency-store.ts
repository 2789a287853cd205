/** The idempotency keys of a database. */

import type { Kysely } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import type { Database } from './database.ts';
import { deleteOldest } from './delete-oldest.ts';
import type { IdempotencyBegin, IdempotencyKey, IdempotencyStore, KeptAnswer } from './idempotency-store.ts';

type BeginRequest = Parameters<IdempotencyStore['begin']>[0];

export function createIdempotencyStore({ durable, relaxed }: Database): IdempotencyStore {
  return {
    begin: (request) => beginRequest(durable, request),
    complete: (key, answer) => completeRequest(durable, key, answer),
    abandon: (key) => abandonRequest(durable, key),
    prune: (query) => deleteOldest(relaxed, 'idempotency_keys', query),
  };
}

/** One statement decides who is first, so that two replicas never both are. */
async function beginRequest(db: Kysely<DatabaseSchema>, request: BeginRequest): Promise<IdempotencyBegin> {
  const { caller, key, requestHash, nowMs } = request;
  const first = await db
    .insertInto('idempotency_keys')
    .values({ caller, key, request_hash: requestHash, created_at: nowMs })
    .onConflict((conflict) =>
      conflict
        .columns(['caller', 'key'])
        .doUpdateSet({ created_at: nowMs })
        .where('idempotency_keys.status', 'is', null)
        .where('idempotency_keys.created_at', '<', request.staleBeforeMs)
        .where('idempotency_keys.request_hash', '=', requestHash),
    )
    .returning('key')
    .executeTakeFirst();
  return first === undefined ? await describeKept(db, request) : { kind: 'new' };
}

async function describeKept(db: Kysely<DatabaseSchema>, request: BeginRequest): Promise<IdempotencyBegin> {
  const kept = await db
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'status', 'body'])
    .where('caller', '=', request.caller)
    .where('key', '=', request.key)
    .executeTakeFirst();
  // Abandoned between the two statements: whoever asks again begins anew.
  if (kept === undefined) return { kind: 'in-progress' };
  if (kept.request_hash !== request.requestHash) return { kind: 'different' };
  if (kept.status === null) return { kind: 'in-progress' };
  return { kind: 'same', answer: { status: kept.status, body: kept.body ?? '' } };
}

async function completeRequest(
  db: Kysely<DatabaseSchema>,
  { caller, key }: IdempotencyKey,
  { status, body }: KeptAnswer,
): Promise<void> {
  await db
    .updateTable('idempotency_keys')
    .set({ status, body })
    .where('caller', '=', caller)
    .where('key', '=', key)
    .execute();
}

async function abandonRequest(db: Kysely<DatabaseSchema>, { caller, key }: IdempotencyKey): Promise<void> {
  await db
    .deleteFrom('idempotency_keys')
    .where('caller', '=', caller)
    .where('key', '=', key)
    .where('status', 'is', null)
    .execute();
}
