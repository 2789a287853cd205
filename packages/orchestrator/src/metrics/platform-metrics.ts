/** Metrics of the platform: whether its files are good, and how old what counts is. */

import { Counter, Gauge, type Registry } from 'prom-client';

export function createPlatformMetrics(registers: Registry[]) {
  return {
    platformProblems: new Gauge({
      name: 'tekton_dag_platform_problems',
      help: 'Problems of team files and stack files by severity (error, warning).',
      labelNames: ['severity'],
      registers,
    }),
    platformLoadedSeconds: new Gauge({
      name: 'tekton_dag_platform_loaded_timestamp_seconds',
      help: 'When the teams and stacks that count were loaded.',
      registers,
    }),
    platformReloads: new Counter({
      name: 'tekton_dag_platform_reloads_total',
      help: 'Reloads by outcome (loaded, unchanged, invalid: some file stays as it was).',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
