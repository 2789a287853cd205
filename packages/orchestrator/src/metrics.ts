/**
 * Every metric of the orchestrator; docs/observability.md lists them. No label holds a run, a commit, a pull request or
 * anything else that a caller can invent; a team is configuration.
 */

import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { createDeliveryMetrics } from './metrics/delivery-metrics.ts';
import { createForgeMetrics } from './metrics/forge-metrics.ts';
import { createPlatformMetrics } from './metrics/platform-metrics.ts';
import { createReportMetrics } from './metrics/report-metrics.ts';
import { createRunMetrics } from './metrics/run-metrics.ts';
import { createServiceMetrics } from './metrics/service-metrics.ts';

export type Metrics = ReturnType<typeof createMetrics>;

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
  const registers = [registry];
  return {
    registry,
    ...createDeliveryMetrics(registers),
    ...createForgeMetrics(registers),
    ...createPlatformMetrics(registers),
    ...createReportMetrics(registers),
    ...createRunMetrics(registers),
    ...createServiceMetrics(registers),
  };
}
