/** What the handlers of the data plane share: the present table, and where they note what they saw. */
import type { Agent } from 'node:http';
import type { HopLog } from '../evidence/hop-log.ts';
import type { TrafficCounters } from '../evidence/traffic-counters.ts';
import type { RouterMetrics } from '../admin/router-metrics.ts';
import type { RouteTable } from '../table/route-table.ts';

export interface TrafficContext {
  /** The table of this moment; a request keeps the one that it began with. */
  readonly table: () => RouteTable;
  readonly hopLog: HopLog;
  readonly counters: TrafficCounters;
  readonly metrics: RouterMetrics;
  readonly agent: Agent;
  readonly freshAgent: Agent;
  readonly connectTimeoutMs: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}
