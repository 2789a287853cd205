/** Every metric of the orchestrator. No label holds a run, a repository or anything else that a caller can invent. */

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

const ACK_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const WAIT_BUCKETS_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200];

/** Makes the metrics in a registry of their own, so that two orchestrators in one process do not meet. */
export function createMetrics(version: string) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'tekton_dag_build_info',
    help: 'Always 1; the labels tell what runs.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  build.set({ version, node: process.version }, 1);
  return { registry, ...createDeliveryMetrics([registry]), ...createRunMetrics([registry]) };
}

function createDeliveryMetrics(registers: Registry[]) {
  return {
    deliveries: new Counter({
      name: 'tekton_dag_deliveries_total',
      help: 'Webhook requests by outcome (accepted, duplicate, ignored, refused) and reason.',
      labelNames: ['outcome', 'reason'],
      registers,
    }),
    ackSeconds: new Histogram({
      name: 'tekton_dag_delivery_ack_seconds',
      help: 'From the last byte of a usable webhook request to its answer.',
      buckets: ACK_BUCKETS_S,
      registers,
    }),
    dispatches: new Counter({
      name: 'tekton_dag_dispatches_total',
      help: 'Attempts to carry out a stored delivery, by outcome (done, wait, retry, failed).',
      labelNames: ['outcome'],
      registers,
    }),
    waitingDeliveries: new Gauge({
      name: 'tekton_dag_waiting_deliveries',
      help: 'Stored deliveries that are not done.',
      registers,
    }),
  };
}

function createRunMetrics(registers: Registry[]) {
  return {
    eventToRunSeconds: new Histogram({
      name: 'tekton_dag_event_to_run_seconds',
      help: 'From the arrival of a delivery to the creation of its run.',
      labelNames: ['mode'],
      buckets: WAIT_BUCKETS_S,
      registers,
    }),
    pendingRuns: new Gauge({
      name: 'tekton_dag_pending_runs',
      help: 'Runs that wait for a slot.',
      labelNames: ['team'],
      registers,
    }),
    liveRuns: new Gauge({
      name: 'tekton_dag_live_runs',
      help: 'Runs that take a slot.',
      labelNames: ['team'],
      registers,
    }),
    admissionWaitSeconds: new Histogram({
      name: 'tekton_dag_admission_wait_seconds',
      help: 'From the creation of a run until it was let go.',
      labelNames: ['team'],
      buckets: WAIT_BUCKETS_S,
      registers,
    }),
  };
}
