/** Chooses the database that a URL names; nothing is migrated yet. */

import { Kysely } from 'kysely';
import type { DatabaseSchema } from './database-schema.ts';
import type { Database } from './database.ts';
import { createStatementLog, type ExecutedStatement } from './statement-log.ts';
import { createSqliteDialect } from './sqlite/sqlite-dialect.ts';
import { startSqliteThread } from './sqlite/sqlite-thread.ts';
import { TransactionGate } from './sqlite/transaction-gate.ts';
import { StoreError } from './store-error.ts';

export interface DatabaseOptions {
  /** `sqlite:<path>` (relative to the working directory, or `:memory:`) or `postgres://user:password@host/database`. */
  readonly url: string;
  /** Of Postgres, this process alone; default 16. */
  readonly maxConnections?: number;
  /** Of Postgres: a statement that takes longer is ended with `STORE_TIMEOUT`; default 15 s. */
  readonly statementTimeoutMs?: number;
  /** Told of every statement that was executed; must not throw. */
  readonly onStatement?: (statement: ExecutedStatement) => void;
}

/** Throws `STORE_URL_INVALID`; the message does not repeat the URL, which may hold a password. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url } = options;
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length)
    return openSqlite(url.slice('sqlite:'.length), options);
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(options);
  throw new StoreError('STORE_URL_INVALID', 'the store URL must be sqlite:<path> or postgres://...');
}

/** Both doors lead to one thread, so that they never wait for each other's locks. */
function openSqlite(path: string, { onStatement }: DatabaseOptions): Database {
  const log = createStatementLog(onStatement);
  const thread = startSqliteThread(path);
  const gate = new TransactionGate();
  const durable = new Kysely<DatabaseSchema>({
    dialect: createSqliteDialect({ thread, gate, durable: true }),
    ...log,
  });
  const relaxed = new Kysely<DatabaseSchema>({
    dialect: createSqliteDialect({ thread, gate, durable: false }),
    ...log,
  });
  const destroy = async (): Promise<void> => {
    await Promise.all([durable.destroy(), relaxed.destroy()]);
    await thread.close();
  };
  return { dialect: 'sqlite', durable, relaxed, migrating: undefined, destroy };
}

async function openPostgres({
  url,
  maxConnections = 16,
  statementTimeoutMs = 15_000,
  onStatement,
}: DatabaseOptions): Promise<Database> {
  // Loaded only where it is used: a laptop never pays for it.
  const { createPostgresDialect } = await import('./postgres/postgres-dialect.ts');
  const log = createStatementLog(onStatement);
  const open = (options: { durable: boolean; maxConnections: number; statementTimeoutMs: number }) =>
    new Kysely<DatabaseSchema>({ dialect: createPostgresDialect({ url, ...options }), ...log });
  // Commits that wait for the disk are gathered into few; most connections are for everything else.
  const durableConnections = Math.max(1, Math.floor(maxConnections / 4));
  const durable = open({ durable: true, maxConnections: durableConnections, statementTimeoutMs });
  const relaxed = open({
    durable: false,
    maxConnections: Math.max(1, maxConnections - durableConnections),
    statementTimeoutMs,
  });
  const migrating = open({ durable: true, maxConnections: 1, statementTimeoutMs: 0 });
  const destroy = async (): Promise<void> => void (await Promise.all([durable.destroy(), relaxed.destroy()]));
  return { dialect: 'postgres', durable, relaxed, migrating, destroy };
}
