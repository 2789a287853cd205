/** kysely's dialect for node:sqlite: our driver with kysely's own SQLite query compiler. */

import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely';
import { createSqliteDriver, type SqliteDriverOptions } from './sqlite-driver.ts';

/** kysely would send one statement at a time; our driver itself keeps transactions apart. */
class SharedSqliteAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

export function createSqliteDialect(options: SqliteDriverOptions): Dialect {
  return {
    createAdapter: () => new SharedSqliteAdapter(),
    createDriver: () => createSqliteDriver(options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
