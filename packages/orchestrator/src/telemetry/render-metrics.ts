/** renderMetrics: all metrics in Prometheus' text format, those that are asked of the store included. */

import type { Store } from '@tekton-dag/store';
import type { Metrics } from '../metrics.ts';

/** A store that is away leaves its numbers as they were: the others are needed most then. */
export async function renderMetrics({
  metrics,
  store,
}: {
  readonly metrics: Metrics;
  readonly store: Pick<Store, 'deliveries' | 'reports'>;
}): Promise<string> {
  const depths = await Promise.allSettled([store.deliveries.queueDepth(), store.reports.depth()]);
  const [deliveries, reports] = depths.map((depth) =>
    depth.status === 'fulfilled' ? depth.value : undefined,
  );
  if (deliveries !== undefined && 'oldestReceivedAtMs' in deliveries) {
    const { depth, oldestReceivedAtMs } = deliveries;
    metrics.waitingDeliveries.set(depth);
    const ageMs = oldestReceivedAtMs === undefined ? 0 : Date.now() - oldestReceivedAtMs;
    metrics.oldestDeliverySeconds.set(Math.max(0, ageMs) / 1_000);
  }
  if (reports !== undefined) metrics.waitingReports.set(reports.depth);
  return metrics.registry.metrics();
}
