/** kysely's driver for a pg pool: faults become `StoreError`s, and a connection that broke is not used again. */

import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { toStoreError } from './postgres-error.ts';

interface PostgresConnection extends DatabaseConnection {
  /** Back to the pool, or out of it when the connection broke. */
  release(): void;
}

/** A batch has at most 128 sizes, and there are three kinds of batch; of more the later ones are parsed each time. */
const MAX_NAMES = 512;

/** `destroy` ends the pool. */
export function createPostgresDriver(pool: Pool): Driver {
  const lent = new WeakMap<DatabaseConnection, PostgresConnection>();
  return {
    init: async () => {},
    acquireConnection: async () => {
      const connection = createConnection(await connect(pool));
      lent.set(connection, connection);
      return connection;
    },
    beginTransaction: async (connection, { isolationLevel }) =>
      run(connection, isolationLevel === undefined ? 'begin' : `begin isolation level ${isolationLevel}`),
    commitTransaction: async (connection) => run(connection, 'commit'),
    rollbackTransaction: async (connection) => run(connection, 'rollback'),
    releaseConnection: async (connection) => lent.get(connection)?.release(),
    destroy: async () => pool.end(),
  };
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw toStoreError(error);
  }
}

async function run(connection: DatabaseConnection, statement: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(statement));
}

/** Postgres keeps no NUL in text, and a payload may well hold one: the replacement character stands for it. */
function withoutNul(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

const names = new Map<string, string>();

/**
 * The name under which a connection keeps a statement that was parsed, which for a batch of deliveries is as much work as
 * the insert. Of inserts alone: they have one plan whatever the values. None that gives `*`: when another replica has
 * migrated the table, the server refuses what it kept.
 */
function preparedName(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_NAMES) return known;
  if (!text.startsWith('insert ') || text.includes('*')) return undefined;
  const name = `insert_${names.size}`;
  names.set(text, name);
  return name;
}

function createConnection(client: PoolClient): PostgresConnection {
  let isBroken = false;
  return {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      try {
        const values = parameters.map(withoutNul);
        const { rows, rowCount } = await client.query({ name: preparedName(sql), text: sql, values });
        return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
      } catch (error) {
        const fault = toStoreError(error);
        isBroken ||= fault.code !== 'STORE_QUERY_FAILED';
        throw fault;
      }
    },
    streamQuery: () => {
      throw new Error('streaming is not offered: no query of the store needs it');
    },
    release: () => client.release(isBroken),
  };
}
