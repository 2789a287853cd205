/** kysely's dialect for Postgres: our driver on a pool that reads `bigint` as a number, as SQLite does. */

import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type Dialect } from 'kysely';
import { Pool, types } from 'pg';
import { createPostgresDriver } from './postgres-driver.ts';

export interface PostgresDialectOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Whether commits wait for the disk (Postgres docs, "Asynchronous Commit"). */
  readonly durable: boolean;
  readonly maxConnections: number;
  /** 0: as long as it takes. */
  readonly statementTimeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** The server ends a statement first; this is for a server that is not heard of any more. */
const SILENCE_MS = 5_000;

export function createPostgresDialect(options: PostgresDialectOptions): Dialect {
  const pool = createPool(options);
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => createPostgresDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function createPool({ url, durable, maxConnections, statementTimeoutMs }: PostgresDialectOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'tekton-dag',
    max: maxConnections,
    options: settings({
      synchronous_commit: durable ? 'on' : 'off',
      statement_timeout: String(statementTimeoutMs),
      idle_in_transaction_session_timeout: String(statementTimeoutMs),
    }),
    ...(statementTimeoutMs === 0 ? {} : { query_timeout: statementTimeoutMs + SILENCE_MS }),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: {
      // All of our bigints are epoch times and counts, far below 2^53.
      getTypeParser: (oid, format) =>
        oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format),
    },
  });
  surviveDeaths(pool);
  return pool;
}

/**
 * A connection that breaks is replaced; whoever uses it is told by its statement. Without listeners it would end the
 * process: the pool's own are for idle connections, and the server's farewell may come right behind its welcome.
 */
function surviveDeaths(pool: Pool): void {
  pool.on('connect', (client) => void client.on('error', () => {}));
  pool.on('error', () => {});
}

const settings = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
