/** Brings a database to the newest migration; safe when two processes start together. */

import { sql, type Kysely, type Transaction } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import type { Migration } from './migrations/migration.ts';
import { StoreError } from './store-error.ts';

/** Any number will do, as long as nobody else in the database takes the same one. */
const ADVISORY_LOCK = 7_235_119_020_321;

/**
 * Applies what is missing, all in one transaction. The second of two processes waits for the first (SQLite: the
 * transaction begins as a writer; Postgres: an advisory lock) and then finds nothing to do.
 * Throws `STORE_TOO_NEW` when the database knows a migration that this program does not.
 */
export async function migrate(
  db: Kysely<DatabaseSchema>,
  dialect: 'sqlite' | 'postgres',
  migrations: readonly Migration[],
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    if (dialect === 'postgres')
      await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK}::bigint)`.execute(transaction);
    const applied = await readAppliedNumber(transaction);
    const newest = migrations.at(-1)?.number ?? 0;
    if (applied > newest) {
      throw new StoreError(
        'STORE_TOO_NEW',
        `the database is at migration ${applied}, this program knows ${newest}`,
      );
    }
    for (const migration of migrations.filter(({ number }) => number > applied)) {
      await applyMigration(transaction, migration);
    }
  });
}

async function readAppliedNumber(transaction: Transaction<DatabaseSchema>): Promise<number> {
  await sql`create table if not exists tekton_dag_migrations
    (number integer primary key, name text not null, applied_at bigint not null)`.execute(transaction);
  const row = await transaction
    .selectFrom('tekton_dag_migrations')
    .select((row) => row.fn.max('number').as('number'))
    .executeTakeFirst();
  return row?.number ?? 0;
}

async function applyMigration(transaction: Transaction<DatabaseSchema>, migration: Migration): Promise<void> {
  for (const statement of migration.statements) await sql.raw(statement).execute(transaction);
  await transaction
    .insertInto('tekton_dag_migrations')
    .values({ number: migration.number, name: migration.name, applied_at: Date.now() })
    .execute();
}
