/** openSingletons: the work that one replica does, under the Lease that the settings name. */

import type { Parts } from './parts.ts';
import { createSingletons, type Singletons } from './singletons.ts';

/** Nothing is tried before it is started. */
export function openSingletons({
  config,
  client,
  log,
  metrics,
}: Pick<Parts, 'config' | 'client' | 'log' | 'metrics'>): Singletons {
  return createSingletons({
    client,
    log,
    namespace: config.leaseNamespace ?? client.defaultNamespace,
    name: config.leaseName,
    identity: config.instance,
    leaseMs: config.leaseMs,
    onChange: (isHeld) => {
      metrics.leader.set(isHeld ? 1 : 0);
      metrics.leaderAcquiredAt.set(isHeld ? Date.now() / 1_000 : 0);
    },
  });
}
