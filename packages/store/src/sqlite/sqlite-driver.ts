/** kysely's driver for node:sqlite behind a thread: one connection for all, but never within another's transaction. */

import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { SqliteThread } from './sqlite-thread.ts';
import { toSqliteValue } from './to-sqlite-value.ts';
import type { TransactionGate } from './transaction-gate.ts';

/** Several drivers may share a thread if they share the gate; whoever started the thread closes it. */
export interface SqliteDriverOptions {
  readonly thread: SqliteThread;
  readonly gate: TransactionGate;
  /** Whether commits wait for the disk. */
  readonly durable: boolean;
}

export function createSqliteDriver(options: SqliteDriverOptions): Driver {
  const lent = new WeakMap<DatabaseConnection, SqliteConnection>();
  const own = (connection: DatabaseConnection): SqliteConnection => {
    const found = lent.get(connection);
    if (found === undefined) throw new Error('the connection is not one of this driver');
    return found;
  };
  return {
    init: async () => {},
    acquireConnection: async () => {
      const connection = new SqliteConnection(options);
      lent.set(connection, connection);
      return connection;
    },
    releaseConnection: async (connection) => own(connection).release(),
    beginTransaction: (connection) => own(connection).begin(),
    commitTransaction: (connection) => own(connection).end('commit'),
    rollbackTransaction: (connection) => own(connection).end('rollback'),
    destroy: async () => {},
  };
}

class SqliteConnection implements DatabaseConnection {
  readonly #options: SqliteDriverOptions;
  #hasGate = false;

  constructor(options: SqliteDriverOptions) {
    this.#options = options;
  }

  executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const execute = (): Promise<QueryResult<R>> => this.#execute<R>(sql, parameters);
    return this.#hasGate ? execute() : this.#options.gate.pass(execute);
  }

  streamQuery(): never {
    throw new Error('streaming is not offered: no query of the store needs it');
  }

  /** A writer from the start: a reader that turns writer later is refused when another process wrote meanwhile. */
  begin(): Promise<void> {
    return this.#options.gate.open(async () => {
      this.#hasGate = true;
      await this.#execute('begin immediate');
    });
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    await this.#execute(how);
  }

  /** Also of a transaction that could not begin or end. */
  release(): void {
    if (!this.#hasGate) return;
    this.#hasGate = false;
    this.#options.gate.close();
  }

  async #execute<R>(sql: string, parameters: readonly unknown[] = []): Promise<QueryResult<R>> {
    const { thread, durable } = this.#options;
    const { rows, changes } = await thread.execute<R>({
      sql,
      parameters: parameters.map(toSqliteValue),
      durable,
    });
    return { rows, numAffectedRows: BigInt(changes) };
  }
}
