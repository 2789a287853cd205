/** What the orchestrator must not forget, in SQL: SQLite embedded, Postgres for several replicas; one set of queries. */

export { openStore, type OpenStoreOptions } from './open-store.ts';
export type { ExecutedStatement } from './statement-log.ts';
export { StoreError, type StoreErrorCode } from './store-error.ts';
export type { Store } from './store.ts';
export type { AuditEntry, AuditStore, NewAuditEntry } from './audit-store.ts';
export type { CursorStore } from './cursor-store.ts';
export type {
  ClaimedDelivery,
  ClaimRequest,
  Delivery,
  DeliveryKey,
  DeliveryPayload,
  DeliveryQuery,
  DeliveryStore,
  DeliveryState,
  InsertOutcome,
  NewDelivery,
  QueueDepth,
  ReceivedRange,
  RetryRequest,
} from './delivery-store.ts';
export type { EventRow, EventStore, NewEvent } from './event-store.ts';
export type { IdempotencyBegin, IdempotencyKey, IdempotencyStore, KeptAnswer } from './idempotency-store.ts';
export type { Page, PageRequest, TeamScope } from './page.ts';
export type {
  PullRequestFacts,
  PullRequestKey,
  PullRequestRow,
  PullRequestStore,
} from './pull-request-store.ts';
export type {
  ReportClaim,
  ReportKey,
  ReportRequest,
  ReportRow,
  ReportStore,
  ShownReport,
} from './report-store.ts';
export type {
  PullRequestOfRuns,
  RunKey,
  RunQuery,
  RunRow,
  RunState,
  RunStore,
  RunWithEvidence,
} from './run-store.ts';
export type {
  TestPlanCall,
  TestPlanGraph,
  TestPlanScope,
  TestPlanStats,
  TestPlanStore,
  TestPlanTest,
  TestPlanTouch,
  TestPlanTraces,
} from './test-plan-store.ts';
