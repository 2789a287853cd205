/** startTelemetry: the event sink, the retention of what telemetry keeps, and the open port for metrics. */

import { sleep } from '@tekton-dag/kube';
import { DEFAULT_LEASE_NAME } from '../config/queue-settings.ts';
import { serveMetrics } from '../telemetry/serve-metrics.ts';
import { sendEvents } from '../telemetry/send-events.ts';
import type { Parts } from './parts.ts';

const PRUNE_EVERY_MS = 10 * 60_000;
const PRUNE_BATCH = 500;
/** Others need the database too. */
const BETWEEN_MS = 50;

/** All of it stops when `stack` is disposed. Rejects when the port is taken. */
export async function startTelemetry(parts: Parts, stack: AsyncDisposableStack): Promise<void> {
  const { config, singletons } = parts;
  const { eventSink: sink, publicUrl } = config;
  if (sink !== undefined) {
    // The same for all replicas, or receivers would see two installations.
    const source = publicUrl ?? sourceUrnOf(parts);
    const installation = { source, publicUrl };
    singletons.add('event-sink', (signal) => sendEvents({ ...parts, sink, installation }, signal));
  }
  singletons.add('telemetry-retention', (signal) => pruneForEver(parts, signal));
  if (config.metricsPort !== undefined) stack.use(await serveMetrics(parts, config.metricsPort));
}

/** Of an orchestrator that shares its namespace with another one the name of the Lease is part of it. */
function sourceUrnOf({ config, client }: Pick<Parts, 'config' | 'client'>): string {
  const urn = `urn:tekton-dag:${config.leaseNamespace ?? client.defaultNamespace}`;
  return config.leaseName === DEFAULT_LEASE_NAME ? urn : `${urn}:${config.leaseName}`;
}

async function pruneForEver({ store, config }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const nowMs = Date.now();
    const events = { olderThanMs: nowMs - config.eventRetentionMs, limit: PRUNE_BATCH };
    while (!signal.aborted && (await store.events.prune(events)) === PRUNE_BATCH)
      await sleep(BETWEEN_MS, signal);
    await store.testPlan.prune({ olderThanMs: nowMs - config.testPlanRetentionMs });
    await sleep(PRUNE_EVERY_MS, signal);
  }
}
