/** startStore: the store as the settings say, measured. */

import { openStore, type Store } from '@tekton-dag/store';
import type { OrchestratorConfig } from '../config/orchestrator-config.ts';
import type { Metrics } from '../metrics.ts';

const MS_PER_SECOND = 1_000;

/** What this instance had claimed when it died is free again. Rejects with a `StoreError`. */
export async function startStore(config: OrchestratorConfig, { storeSeconds }: Metrics): Promise<Store> {
  const store = await openStore({
    url: config.storeUrl.reveal(),
    maxConnections: config.storeMaxConnections,
    statementTimeoutMs: config.storeStatementTimeoutMs,
    onStatement: ({ kind, durationMs }) => storeSeconds.observe({ kind }, durationMs / MS_PER_SECOND),
  });
  await store.deliveries.releaseClaims(config.instance);
  await store.reports.releaseClaims(config.instance);
  return store;
}
