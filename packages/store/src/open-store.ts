/** Opens the store that a URL names, at the newest migration. */

import { Kysely, sql, type Dialect } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/migrations.ts';
import { createDeliveryStore } from './sql-delivery-store.ts';
import { createRunStore } from './sql-run-store.ts';
import { createSqliteDialect } from './sqlite/sqlite-dialect.ts';
import { StoreError } from './store-error.ts';
import type { Store } from './store.ts';

export interface OpenStoreOptions {
  /** `sqlite:<path>` (relative to the working directory, or `:memory:`) or `postgres://user:password@host/database`. */
  readonly url: string;
}

/** Throws `STORE_URL_INVALID`, `STORE_UNOPENABLE` (with the reason, never with the password) or `STORE_TOO_NEW`. */
export async function openStore({ url }: OpenStoreOptions): Promise<Store> {
  const { name, dialect } = await chooseDialect(url);
  const db = new Kysely<DatabaseSchema>({ dialect });
  try {
    await migrate(db, name, migrations);
  } catch (error) {
    await db.destroy();
    if (error instanceof StoreError && error.code !== 'STORE_QUERY_FAILED') throw error;
    throw new StoreError('STORE_UNOPENABLE', error instanceof Error ? error.message : String(error), error);
  }
  return createStore(db, name);
}

function createStore(db: Kysely<DatabaseSchema>, dialect: 'sqlite' | 'postgres'): Store {
  const deliveries = createDeliveryStore(db, dialect);
  const close = async (): Promise<void> => {
    await deliveries.settled();
    await db.destroy();
  };
  return {
    deliveries,
    runs: createRunStore(db),
    ping: async () => void (await sql`select 1`.execute(db)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function chooseDialect(url: string): Promise<{ name: 'sqlite' | 'postgres'; dialect: Dialect }> {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) {
    return { name: 'sqlite', dialect: createSqliteDialect(url.slice('sqlite:'.length)) };
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    // Loaded only where it is used: a laptop never pays for it.
    const { createPostgresDialect } = await import('./postgres/postgres-dialect.ts');
    return { name: 'postgres', dialect: createPostgresDialect(url) };
  }
  throw new StoreError('STORE_URL_INVALID', 'the store URL must be sqlite:<path> or postgres://...');
}
