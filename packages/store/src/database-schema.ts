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
}

export interface MigrationsTable {
  number: number;
  name: string;
  applied_at: number;
}

export interface DatabaseSchema {
  deliveries: DeliveriesTable;
  runs: RunsTable;
  tekton_dag_migrations: MigrationsTable;
}
