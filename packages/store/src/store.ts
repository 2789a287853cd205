/** What an open store offers. */

import type { AuditStore } from './audit-store.ts';
import type { CursorStore } from './cursor-store.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { EventStore } from './event-store.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import type { PullRequestStore } from './pull-request-store.ts';
import type { ReportStore } from './report-store.ts';
import type { RunStore } from './run-store.ts';
import type { TestPlanStore } from './test-plan-store.ts';

/** One open database. Every method rejects with a `StoreError` when the database refuses or is away. */
export interface Store extends AsyncDisposable {
  readonly deliveries: DeliveryStore;
  readonly runs: RunStore;
  readonly pullRequests: PullRequestStore;
  readonly reports: ReportStore;
  readonly events: EventStore;
  readonly cursors: CursorStore;
  readonly audit: AuditStore;
  readonly idempotency: IdempotencyStore;
  readonly testPlan: TestPlanStore;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Finishes what is in flight and lets go of the database. */
  close(): Promise<void>;
}
