/** kysely's driver for node:sqlite behind a thread: one connection, lent to one borrower at a time. */

import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import { startSqliteThread, type SqliteThread } from './sqlite-thread.ts';

/** Makes the driver of the database file at `path`. */
export function createSqliteDriver(path: string): Driver {
  const thread = startSqliteThread(path);
  const connection = createConnection(thread);
  const turns = createTurnstile();
  return {
    init: async () => {},
    acquireConnection: async () => {
      await turns.enter();
      return connection;
    },
    releaseConnection: async () => turns.leave(),
    // A writer from the start: a reader that turns writer later is refused when another process wrote meanwhile.
    beginTransaction: async (lent) => run(lent, 'begin immediate'),
    commitTransaction: async (lent) => run(lent, 'commit'),
    rollbackTransaction: async (lent) => run(lent, 'rollback'),
    destroy: () => thread.close(),
  };
}

async function run(connection: DatabaseConnection, statement: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(statement));
}

function createConnection(thread: SqliteThread): DatabaseConnection {
  return {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      const { rows, changes } = await thread.execute<R>(sql, parameters);
      return { rows, numAffectedRows: BigInt(changes) };
    },
    streamQuery: () => {
      throw new Error('streaming is not offered: no query of the store needs it');
    },
  };
}

/** Lets one borrower in at a time, in the order they came. */
function createTurnstile(): { enter(): Promise<void>; leave(): void } {
  const queue: (() => void)[] = [];
  let taken = false;
  return {
    enter: () =>
      new Promise((resolve) => {
        if (taken) queue.push(resolve);
        else resolve();
        taken = true;
      }),
    leave: () => {
      const next = queue.shift();
      if (next === undefined) taken = false;
      else next();
    },
  };
}
