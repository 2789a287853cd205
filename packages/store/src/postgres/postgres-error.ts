/** What a fault of Postgres, or of the way to it, means for the caller. */

import { DatabaseError } from 'pg';
import { StoreError } from '../store-error.ts';

/** SQLSTATE classes that pass: connection, resources, operator intervention (PostgreSQL docs, appendix A). */
const PASSING_CLASSES = new Set(['08', '53', '57']);
const QUERY_CANCELED = '57014';
/** serialization_failure, deadlock_detected, lock_not_available, read_only_sql_transaction (a standby after a failover). */
const PASSING_STATES = new Set(['40001', '40P01', '55P03', '25006']);

/** The message is the server's or the socket's; neither repeats the values of a statement. */
export function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const message = describeError(error);
  // All others are of the socket, or of pg that waited in vain.
  if (!(error instanceof DatabaseError)) return new StoreError('STORE_UNAVAILABLE', message, error);
  const { code = '' } = error;
  if (code === QUERY_CANCELED) return new StoreError('STORE_TIMEOUT', message, error);
  const passes = PASSING_CLASSES.has(code.slice(0, 2)) || PASSING_STATES.has(code);
  return new StoreError(passes ? 'STORE_UNAVAILABLE' : 'STORE_QUERY_FAILED', message, error);
}

/** An AggregateError of several addresses has no message of its own. */
function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(describeError).join(', ');
  return error instanceof Error ? error.message : String(error);
}
