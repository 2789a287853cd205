/** kysely's dialect for node:sqlite: our driver with kysely's own SQLite query compiler. */

import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely';
import { createSqliteDriver, type SqliteDriverOptions } from './sqlite-driver.ts';

export function createSqliteDialect(options: SqliteDriverOptions): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createSqliteDriver(options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
