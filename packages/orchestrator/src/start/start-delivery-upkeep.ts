/** startDeliveryUpkeep: on one replica: recovers deliveries that never arrived, and deletes those that are old. */

import { sleep } from '@tekton-dag/kube';
import type { ForgeEntry } from '../forge/forge-file.ts';
import { ForgeError } from '../forge/forge-error.ts';
import { fillGaps, type GapContext, type GapHook } from '../deliveries/fill-gaps.ts';
import { pruneDeliveries } from '../deliveries/prune-deliveries.ts';
import type { Parts } from './parts.ts';

const GAP_FILL_EVERY_MS = 5 * 60_000;
/** After a failure; a forge that is away may have been away while things happened. */
const GAP_FILL_RETRY_MS = 30_000;
const PRUNE_EVERY_MS = 10 * 60_000;

/** `wake` says that there is work for the dispatcher. */
export function startDeliveryUpkeep(parts: Parts, wake: () => void): void {
  const { singletons, config } = parts;
  if (config.forges.some(({ webhooks }) => webhooks.length > 0)) {
    singletons.add('gap-fill', (signal) => keepFilling(parts, wake, signal));
  }
  singletons.add('delivery-retention', (signal) => keepPruning(parts, signal));
}

async function keepFilling(parts: Parts, wake: () => void, signal: AbortSignal): Promise<void> {
  const context: GapContext = {
    ...parts,
    log: parts.log.child({ singleton: 'gap-fill' }),
    onRecovered: () => {
      parts.metrics.recoveredDeliveries.inc();
      wake();
    },
  };
  while (!signal.aborted) {
    await sleep(await fillAll(parts, context, signal), signal);
  }
}

/** When to come back, in milliseconds. While nothing is loaded every repository is unknown: that is no time to decide. */
async function fillAll(parts: Parts, context: GapContext, signal: AbortSignal): Promise<number> {
  if (parts.snapshot().stacks.size === 0) return GAP_FILL_RETRY_MS;
  let pauseMs = GAP_FILL_EVERY_MS;
  for (const hook of parts.config.forges.flatMap((entry) => hooksOf(parts, entry))) {
    pauseMs = Math.min(pauseMs, await fillOnce(context, hook, signal));
  }
  return pauseMs;
}

async function fillOnce(context: GapContext, hook: GapHook, signal: AbortSignal): Promise<number> {
  const { host, scope } = hook;
  try {
    const recovered = await fillGaps(context, hook, signal);
    if (recovered > 0)
      context.log.info({ host, scope, recovered }, 'deliveries that never arrived were recovered');
    return GAP_FILL_EVERY_MS;
  } catch (error) {
    context.log.warn({ err: error, host, scope }, 'a forge cannot be asked for deliveries');
    const retryAtMs = error instanceof ForgeError ? (error.retryAtMs ?? 0) : 0;
    return Math.max(GAP_FILL_RETRY_MS, retryAtMs - Date.now());
  }
}

function hooksOf({ forges }: Parts, { host, webhooks }: ForgeEntry): readonly GapHook[] {
  const deliveries = forges.clientFor(host)?.hookDeliveries;
  if (deliveries === undefined) return [];
  return webhooks.map(({ app: _app, ...scope }) => ({ host, scope, deliveries }));
}

async function keepPruning({ store, config, log }: Parts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const count = await pruneDeliveries(store.deliveries, config.deliveryRetention, signal);
    if (count > 0) log.info({ count }, 'old deliveries were deleted');
    await sleep(PRUNE_EVERY_MS, signal);
  }
}
