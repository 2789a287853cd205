/** waitForAddresses: Services made before a pod get their address in the same moment; names of them must not be missed. */

import type { ObjectStore } from '../../contracts/object-store.ts';
import { isService, SERVICES } from '../specs/workload-objects.ts';
import { pause } from './pause.ts';

const POLL_MS = 10;
const TIMEOUT_MS = 2_000;

/** Goes on without them after a while. False when the signal came first. */
export async function waitForAddresses(store: ObjectStore, signal: AbortSignal): Promise<boolean> {
  const deadlineMs = performance.now() + TIMEOUT_MS;
  while (!signal.aborted && performance.now() < deadlineMs) {
    if (!lacksAddress(store)) return true;
    await pause(POLL_MS, signal);
  }
  return !signal.aborted;
}

function lacksAddress(store: ObjectStore): boolean {
  const services = store.list(SERVICES).items.filter(isService);
  return services.some(({ spec }) => (spec.clusterIP ?? '') === '' && spec.type !== 'ExternalName');
}
