/** Chooses the database that a URL names; nothing is migrated yet. */

import { Kysely } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import type { Database } from './database.ts';
import { createSqliteDialect } from './sqlite/sqlite-dialect.ts';
import { startSqliteThread } from './sqlite/sqlite-thread.ts';
import { createTurnstile } from './sqlite/turnstile.ts';
import { StoreError } from './store-error.ts';

/** Throws `STORE_URL_INVALID`; the message does not repeat the URL, which may hold a password. */
export async function openDatabase(url: string): Promise<Database> {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length)
    return openSqlite(url.slice('sqlite:'.length));
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url);
  throw new StoreError('STORE_URL_INVALID', 'the store URL must be sqlite:<path> or postgres://...');
}

/** Both doors lead to one thread, so that they never wait for each other's locks. */
function openSqlite(path: string): Database {
  const thread = startSqliteThread(path);
  const turns = createTurnstile();
  const durable = new Kysely<DatabaseSchema>({
    dialect: createSqliteDialect({ thread, turns, durable: true }),
  });
  const relaxed = new Kysely<DatabaseSchema>({
    dialect: createSqliteDialect({ thread, turns, durable: false }),
  });
  const destroy = async (): Promise<void> => {
    await Promise.all([durable.destroy(), relaxed.destroy()]);
    await thread.close();
  };
  return { dialect: 'sqlite', durable, relaxed, destroy };
}

async function openPostgres(url: string): Promise<Database> {
  // Loaded only where it is used: a laptop never pays for it.
  const { createPostgresDialect } = await import('./postgres/postgres-dialect.ts');
  const durable = new Kysely<DatabaseSchema>({ dialect: createPostgresDialect(url, { durable: true }) });
  const relaxed = new Kysely<DatabaseSchema>({ dialect: createPostgresDialect(url, { durable: false }) });
  const destroy = async (): Promise<void> => void (await Promise.all([durable.destroy(), relaxed.destroy()]));
  return { dialect: 'postgres', durable, relaxed, destroy };
}
