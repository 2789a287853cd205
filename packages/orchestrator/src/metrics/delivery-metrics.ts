/** Metrics of webhooks and of the deliveries that they leave. */

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { createOutcomeCounter } from './outcome-counter.ts';
import { WAIT_BUCKETS_S } from './wait-buckets.ts';

const ACK_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export function createDeliveryMetrics(registers: Registry[]) {
  return {
    deliveries: createDeliveryCounter(registers),
    ackSeconds: new Histogram({
      name: 'tekton_dag_delivery_ack_seconds',
      help: 'From the last byte of a usable webhook request to its answer.',
      buckets: ACK_BUCKETS_S,
      registers,
    }),
    dispatches: createOutcomeCounter(
      {
        name: 'tekton_dag_dispatches_total',
        help: 'Attempts to carry out a stored delivery, by outcome',
        outcomes: ['done', 'wait', 'retry', 'failed'],
      },
      registers,
    ),
    waitingDeliveries: new Gauge({
      name: 'tekton_dag_waiting_deliveries',
      help: 'Stored deliveries that are not done.',
      registers,
    }),
    oldestDeliverySeconds: new Gauge({
      name: 'tekton_dag_oldest_waiting_delivery_seconds',
      help: 'Age of the oldest stored delivery that is not done; 0 when there is none.',
      registers,
    }),
    recoveredDeliveries: new Counter({
      name: 'tekton_dag_recovered_deliveries_total',
      help: 'Deliveries that never arrived and were fetched from the forge.',
      registers,
    }),
    eventToRunSeconds: new Histogram({
      name: 'tekton_dag_event_to_run_seconds',
      help: 'From the arrival of a delivery to the creation of its run.',
      labelNames: ['mode'],
      buckets: WAIT_BUCKETS_S,
      registers,
    }),
  };
}

/** What an alert asks for is there from the start, as in `createOutcomeCounter`. */
function createDeliveryCounter(registers: Registry[]) {
  const counter = new Counter({
    name: 'tekton_dag_deliveries_total',
    help: 'Webhook requests by outcome (accepted, duplicate, ignored, refused) and reason.',
    labelNames: ['outcome', 'reason'],
    registers,
  });
  for (const reason of ['signature', 'wrong-secret-scope']) counter.inc({ outcome: 'refused', reason }, 0);
  return counter;
}
