/** Deliveries and the history of runs, in SQL: SQLite embedded, Postgres for several replicas; one set of queries. */

export { openStore, type OpenStoreOptions } from './open-store.ts';
export { StoreError, type StoreErrorCode } from './store-error.ts';
export type { Store } from './store.ts';
export type {
  ClaimedDelivery,
  ClaimRequest,
  Delivery,
  DeliveryKey,
  DeliveryStore,
  DeliveryState,
  InsertOutcome,
  NewDelivery,
  QueueDepth,
  RetryRequest,
} from './delivery-store.ts';
export type { RunRow, RunState, RunStore } from './run-store.ts';
