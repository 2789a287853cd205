/** toSqliteValue: a bound value as SQLite holds it. */

import { StoreError } from '../store-error.ts';

export type SqliteValue = null | number | bigint | string | Uint8Array;

/** Throws `STORE_QUERY_FAILED` for a value of another kind, which could not be sent to the thread either. */
export function toSqliteValue(value: unknown): SqliteValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return value;
  throw new StoreError('STORE_QUERY_FAILED', `SQLite cannot hold a value of type ${typeof value}`);
}
