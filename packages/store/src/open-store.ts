/** Opens the store that a URL names, at the newest migration. */

import { sql } from 'kysely';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import { type DatabaseOptions, openDatabase } from './open-database.ts';
import { retryWhileAway } from './retry-while-away.ts';
import { createAuditStore } from './sql-audit-store.ts';
import { createCursorStore } from './sql-cursor-store.ts';
import { createDeliveryStore } from './sql-delivery-store.ts';
import { createEventStore } from './sql-event-store.ts';
import { createIdempotencyStore } from './sql-idempotency-store.ts';
import { createPullRequestStore } from './sql-pull-request-store.ts';
import { createReportStore } from './sql-report-store.ts';
import { createRunStore } from './sql-run-store.ts';
import { createTestPlanStore } from './sql-test-plan-store.ts';
import { StoreError } from './store-error.ts';
import type { Store } from './store.ts';

export type OpenStoreOptions = DatabaseOptions;

/** Throws `STORE_URL_INVALID`, `STORE_UNOPENABLE` (with the reason, never with the password) or `STORE_TOO_NEW`. */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const database = await openDatabase(options);
  try {
    const db = database.migrating ?? database.durable;
    await retryWhileAway(() => migrate(db, database.dialect, migrations));
  } catch (error) {
    await database.destroy();
    if (error instanceof StoreError && error.code === 'STORE_TOO_NEW') throw error;
    throw new StoreError('STORE_UNOPENABLE', error instanceof Error ? error.message : String(error), error);
  } finally {
    await database.migrating?.destroy();
  }
  return createStore(database);
}

function createStore(database: Database): Store {
  const { dialect, relaxed } = database;
  const deliveries = createDeliveryStore(database);
  const runs = createRunStore(relaxed);
  const events = createEventStore(relaxed);
  const audit = createAuditStore(database);
  const close = async (): Promise<void> => {
    await Promise.all([deliveries, runs, events, audit].map((store) => store.settled()));
    await database.destroy();
  };
  return {
    deliveries,
    runs,
    pullRequests: createPullRequestStore(relaxed),
    reports: createReportStore(relaxed, dialect),
    events,
    cursors: createCursorStore(relaxed),
    audit,
    idempotency: createIdempotencyStore(database),
    testPlan: createTestPlanStore(relaxed),
    ping: async () => void (await sql`select 1`.execute(relaxed)),
    close,
    [Symbol.asyncDispose]: close,
  };
}
