/** Metrics of the service itself: what runs, who leads, what it answers, and how long its store takes. */

import { Gauge, Histogram, type Registry } from 'prom-client';
import { createOutcomeCounter } from './outcome-counter.ts';

const REQUEST_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STORE_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export function createServiceMetrics(registers: Registry[]) {
  return {
    leader: new Gauge({
      name: 'tekton_dag_leader',
      help: '1 on the replica that holds the lease and so admits runs, else 0.',
      registers,
    }),
    leaderAcquiredAt: new Gauge({
      name: 'tekton_dag_leader_acquired_timestamp_seconds',
      help: 'When this replica took the lease; 0 when it does not hold it.',
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'tekton_dag_http_request_duration_seconds',
      help: 'HTTP requests by method, route and status; streams are not counted.',
      labelNames: ['method', 'route', 'status'],
      buckets: REQUEST_BUCKETS_S,
      registers,
    }),
    authentications: createOutcomeCounter(
      {
        name: 'tekton_dag_authentications_total',
        help: 'Bearer tokens by outcome',
        outcomes: ['accepted', 'missing', 'refused'],
      },
      registers,
    ),
    storeSeconds: new Histogram({
      name: 'tekton_dag_store_query_duration_seconds',
      help: 'Statements of the store by kind (select, insert, update, delete, other).',
      labelNames: ['kind'],
      buckets: STORE_BUCKETS_S,
      registers,
    }),
    ...createTelemetryMetrics(registers),
  };
}

function createTelemetryMetrics(registers: Registry[]) {
  return {
    events: createOutcomeCounter(
      {
        name: 'tekton_dag_events_total',
        help: 'Events of the event log by outcome',
        outcomes: ['stored', 'lost'],
      },
      registers,
    ),
    eventSends: createOutcomeCounter(
      {
        name: 'tekton_dag_event_sends_total',
        help: 'CloudEvents by outcome',
        outcomes: ['sent', 'refused', 'retried'],
      },
      registers,
    ),
    eventSinkLag: new Gauge({
      name: 'tekton_dag_event_sink_lag_seconds',
      help: 'Age of the oldest event that the sink has not taken; 0 when it has all.',
      registers,
    }),
  };
}
