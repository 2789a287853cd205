/** The tables as kysely sees them. The SQL that makes them is in migrations/. Times are epoch milliseconds. */

import type { Generated } from 'kysely';

export interface DeliveriesTable {
  /** The forge's host, e.g. `github.com`. With `id` the primary key. */
  host: string;
  /** The forge's delivery id. */
  id: string;
  /** Order of arrival: epoch microseconds, unique and growing within a process. */
  seq: number;
  event: string;
  action: string;
  /** `owner/name`, lower case; empty where the event has none. */
  repository: string;
  /** Deliveries of one subject (one pull request) are worked one after the other. */
  subject: string;
  /** When the change happened, as the forge tells. */
  occurred_at: number;
  received_at: number;
  /** JSON object of the few headers that matter. */
  headers: string;
  body: Uint8Array;
  state: string;
  /** JSON: what was decided when the delivery was accepted. */
  decision: string;
  reason: string | null;
  attempts: Generated<number>;
  /** Not to be worked before this time. */
  not_before: number;
  owner: string | null;
  lease_until: number | null;
  finished_at: number | null;
  /** Names with a comma before, between and after; see team-list.ts. */
  teams: string;
  forge: string;
  traceparent: string;
  secret_name: string;
  /** 0 or 1. */
  gap_filled: number;
  /** JSON: what the work did. */
  outcome: string | null;
  /** Of the whole body, also where it is not kept; null in rows of before it was recorded. */
  body_sha256: string | null;
  /** 0 or 1; where 0, `body` is empty. */
  has_payload: number;
}

export interface RunsTable {
  namespace: string;
  name: string;
  pipeline: string;
  mode: string;
  team: string;
  stack: string;
  app: string;
  repository: string;
  pull_request: number | null;
  sha: string;
  delivery: string;
  state: string;
  reason: string;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  /** A name list like `teams`. */
  apps: string;
  host: string;
  attempt: number;
  traceparent: string;
  evidence: string | null;
  provenance: string;
}

export interface PullRequestsTable {
  host: string;
  /** Lower case. */
  repository: string;
  number: number;
  head_sha: string;
  base_ref: string;
  author: string;
  title: string;
  from_fork: number;
  draft: number;
  state: string;
  teams: string;
  /** A name list of `owner/name#number`, lower case. */
  depends_on: string;
  updated_at: number;
  held_by: string | null;
  held_at: number | null;
  approved_sha: string | null;
  approved_by: string | null;
  approved_at: number | null;
}

export interface ReportsTable {
  host: string;
  repository: string;
  pull_request: number;
  wanted_version: number;
  shown_version: number;
  head_sha: string;
  shown_head_sha: string;
  check_id: string | null;
  comment_id: string | null;
  shown_hash: string | null;
  shown_at: number | null;
  attempts: number;
  not_before: number;
  requested_at: number;
  owner: string | null;
  lease_until: number | null;
  last_error: string | null;
}

/** One row per order of things; whoever raises it holds it until its transaction ends. */
export interface CountersTable {
  name: string;
  value: number;
}

export interface EventsTable {
  seq: number;
  id: string;
  type: string;
  subject: string;
  team: string;
  time: number;
  data: string;
}

export interface CursorsTable {
  name: string;
  value: string;
}

export interface AuditTable {
  id: string;
  time: number;
  caller: string;
  action: string;
  team: string;
  subject: string;
  outcome: string;
  detail: string;
}

export interface IdempotencyKeysTable {
  caller: string;
  key: string;
  request_hash: string;
  /** Null while the work is under way. */
  status: number | null;
  body: string | null;
  created_at: number;
}

interface TestPlanRow {
  team: string;
  stack: string;
  last_seen: number;
}

export interface TestPlanServicesTable extends TestPlanRow {
  service: string;
}

export interface TestPlanTestsTable extends TestPlanRow {
  id: string;
  type: string;
}

export interface TestPlanTouchesTable extends TestPlanRow {
  test: string;
  service: string;
}

export interface TestPlanCallsTable extends TestPlanRow {
  caller: string;
  callee: string;
}

export interface MigrationsTable {
  number: number;
  name: string;
  applied_at: number;
}

export interface DatabaseSchema {
  deliveries: DeliveriesTable;
  runs: RunsTable;
  pull_requests: PullRequestsTable;
  reports: ReportsTable;
  counters: CountersTable;
  events: EventsTable;
  cursors: CursorsTable;
  audit: AuditTable;
  idempotency_keys: IdempotencyKeysTable;
  test_plan_services: TestPlanServicesTable;
  test_plan_tests: TestPlanTestsTable;
  test_plan_touches: TestPlanTouchesTable;
  test_plan_calls: TestPlanCallsTable;
  tekton_dag_migrations: MigrationsTable;
}
