/** Metrics of reports: what the forges show of us. */

import { Counter, Gauge, type Registry } from 'prom-client';

export function createReportMetrics(registers: Registry[]) {
  return {
    reports: new Counter({
      name: 'tekton_dag_reports_total',
      help: 'Reports by outcome (shown, unchanged, waiting, retried, refused).',
      labelNames: ['outcome'],
      registers,
    }),
    waitingReports: new Gauge({
      name: 'tekton_dag_reports_waiting',
      help: 'Pull requests that do not show the latest yet.',
      registers,
    }),
  };
}
