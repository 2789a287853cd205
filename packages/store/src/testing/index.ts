/** For tests: a store on a real SQLite file in a temporary directory, or on the Postgres that the environment names. */

export { openTemporaryStore, type TemporaryStore } from './temporary-store.ts';
