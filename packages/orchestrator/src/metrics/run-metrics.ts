/** Metrics of runs: those that wait, those that are live, and those that ended. */

import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { WAIT_BUCKETS_S } from './wait-buckets.ts';

/** As `tekton_pipelines_controller_pipelinerun_duration_seconds`, so that known graphs fit. */
const RUN_BUCKETS_S = [10, 30, 60, 300, 900, 1_800, 3_600, 5_400, 10_800, 21_600, 43_200, 86_400];
const RUN_LABELS = ['team', 'pipeline', 'status'] as const;

export function createRunMetrics(registers: Registry[]) {
  return {
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
    ...createEndedRunMetrics(registers),
  };
}

function createEndedRunMetrics(registers: Registry[]) {
  return {
    endedRuns: new Counter({
      name: 'tekton_dag_pipelinerun_total',
      help: 'Runs that ended, by status (success, failed, cancelled).',
      labelNames: RUN_LABELS,
      registers,
    }),
    runSeconds: new Histogram({
      name: 'tekton_dag_pipelinerun_duration_seconds',
      help: 'From the start of a run to its end.',
      labelNames: RUN_LABELS,
      buckets: RUN_BUCKETS_S,
      registers,
    }),
    plannedApps: new Counter({
      name: 'tekton_dag_planned_apps_total',
      help: 'Apps in the plans of runs that ended: built, or reused because the registry had the same content.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
