/** kysely's Postgres dialect with a pool that reads `bigint` as a number, as SQLite does. */

import { PostgresDialect, type Dialect } from 'kysely';
import { Pool, types } from 'pg';

const MAX_CONNECTIONS = 8;

/**
 * `url` is `postgres://user:password@host:port/database`. Commits that are not `durable` do not wait for the disk
 * (Postgres docs, "Asynchronous Commit").
 */
export function createPostgresDialect(url: string, { durable }: { readonly durable: boolean }): Dialect {
  const pool = new Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    ...(durable ? {} : { options: '-c synchronous_commit=off' }),
    connectionTimeoutMillis: 5_000,
    types: {
      // All of our bigints are epoch times, far below 2^53.
      getTypeParser: (oid, format) =>
        oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format),
    },
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  return new PostgresDialect({ pool });
}
