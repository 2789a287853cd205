/** kysely's driver for node:sqlite behind a thread: one connection, lent to one borrower at a time. */

import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import type { SqliteThread } from './sqlite-thread.ts';
import type { Turnstile } from './turnstile.ts';

/** Several drivers may share a thread if they share the turnstile; whoever started the thread closes it. */
export interface SqliteDriverOptions {
  readonly thread: SqliteThread;
  readonly turns: Turnstile;
  /** Whether commits wait for the disk. */
  readonly durable: boolean;
}

export function createSqliteDriver(options: SqliteDriverOptions): Driver {
  const connection = createConnection(options);
  return {
    init: async () => {},
    acquireConnection: async () => {
      await options.turns.enter();
      return connection;
    },
    releaseConnection: async () => options.turns.leave(),
    // A writer from the start: a reader that turns writer later is refused when another process wrote meanwhile.
    beginTransaction: async (lent) => run(lent, 'begin immediate'),
    commitTransaction: async (lent) => run(lent, 'commit'),
    rollbackTransaction: async (lent) => run(lent, 'rollback'),
    destroy: async () => {},
  };
}

async function run(connection: DatabaseConnection, statement: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(statement));
}

function createConnection({ thread, durable }: SqliteDriverOptions): DatabaseConnection {
  return {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      const { rows, changes } = await thread.execute<R>({ sql, parameters, durable });
      return { rows, numAffectedRows: BigInt(changes) };
    },
    streamQuery: () => {
      throw new Error('streaming is not offered: no query of the store needs it');
    },
  };
}
