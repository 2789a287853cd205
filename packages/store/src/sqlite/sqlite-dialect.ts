/** kysely's dialect for node:sqlite: our driver with kysely's own SQLite query compiler. */

import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely';
import { createSqliteDriver } from './sqlite-driver.ts';

/** `path` is a file path or `:memory:`. */
export function createSqliteDialect(path: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createSqliteDriver(path),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
