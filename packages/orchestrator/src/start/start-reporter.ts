/** startReporter: the part that shows pull requests what became of them. */

import { createReporter } from '../reporting/reporter.ts';
import type { Parts } from './parts.ts';

/** It stops when `stack` is disposed. Without a forge that may be asked there is nothing to do. */
export async function startReporter(parts: Parts, stack: AsyncDisposableStack): Promise<void> {
  const { config, store, forges, log, metrics, snapshot } = parts;
  if (config.forges.length === 0) return;
  await store.reports.releaseClaims(config.instance);
  const reporter = stack.use(
    createReporter({
      store,
      forges,
      snapshot,
      log,
      owner: config.instance,
      publicUrl: config.publicUrl,
      reportName: config.reportName,
      onOutcome: (outcome) => metrics.reports.inc({ outcome }),
    }),
  );
  reporter.start();
}
