/** createReadiness: why the orchestrator should get no traffic. */

import type { Store } from '@tekton-dag/store';
import type { RunWatch } from './runs/watch-runs.ts';

export interface ReadinessOptions {
  readonly store: Pick<Store, 'ping'>;
  readonly countStacks: () => number;
  readonly watch: Pick<RunWatch, 'namespaces' | 'hasSynced'>;
}

/** Every reason at once; empty when all is well. */
export type Readiness = () => Promise<readonly string[]>;

const PROBE_TIMEOUT_MS = 3_000;

/**
 * The cluster counts until it was reached for the first time, so that a release without rights is not taken for a good one.
 * One that is away later stands in the way of nothing that is asked here: a webhook is stored, and would be lost otherwise.
 */
export function createReadiness({ store, countStacks, watch }: ReadinessOptions): Readiness {
  let hasReached = false;
  return async () => {
    hasReached ||= watch.namespaces.some((namespace) => watch.hasSynced(namespace));
    return [
      ...(countStacks() === 0 ? ['no stack is loaded'] : []),
      ...(await pingStore(store)),
      ...(hasReached || watch.namespaces.length === 0 ? [] : [describeUnreached(watch)]),
    ];
  };
}

async function pingStore(store: Pick<Store, 'ping'>): Promise<readonly string[]> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer')), PROBE_TIMEOUT_MS);
  try {
    await Promise.race([store.ping(), promise]);
    return [];
  } catch (error) {
    return [`store: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    clearTimeout(timer);
  }
}

function describeUnreached({ namespaces }: Pick<RunWatch, 'namespaces'>): string {
  const [first = '', ...others] = namespaces;
  const where = others.length === 0 ? first : `${first} and ${others.length} more`;
  return `cluster: the runs of namespace ${where} could not be listed yet; the log says why`;
}
