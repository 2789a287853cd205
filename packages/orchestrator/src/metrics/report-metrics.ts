/** Metrics of reports: what the forges show of us. */

import { Gauge, type Registry } from 'prom-client';
import { createOutcomeCounter } from './outcome-counter.ts';

export function createReportMetrics(registers: Registry[]) {
  return {
    reports: createOutcomeCounter(
      {
        name: 'tekton_dag_reports_total',
        help: 'Reports by outcome',
        outcomes: ['shown', 'unchanged', 'waiting', 'retried', 'refused'],
      },
      registers,
    ),
    waitingReports: new Gauge({
      name: 'tekton_dag_reports_waiting',
      help: 'Pull requests that do not show the latest yet.',
      registers,
    }),
  };
}
