/** For tests: a store on a real SQLite file in a temporary directory, and a real Postgres where Debian's is installed. */

export { newDelivery } from './new-delivery.ts';
export { newRun } from './new-run.ts';
export { openTemporaryStore, type TemporaryStore } from './temporary-store.ts';
export { findPostgres, startPostgres, type TestPostgres } from './start-postgres.ts';
