/** Removes Events an hour after they were last seen, as the API server does. */

import type { Controller } from '../../contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../contracts/kube-object.ts';
import type { ClusterObjectStore } from '../../objects/cluster-object-store.ts';
import { readText } from '../kinds/read-field.ts';

const EVENTS: ResourceKey = { group: '', resource: 'events' };
const LIFETIME_MS = 3_600_000;
const CHECK_MS = 60_000;

const lastTimeMs = (event: KubeObject): number => {
  const time =
    readText(event, 'lastTimestamp') || readText(event, 'eventTime') || event.metadata.creationTimestamp;
  return Date.parse(time ?? '');
};

/** Creates the controller. */
export const createEventExpiry = (store: ClusterObjectStore, now: () => Date): Controller => {
  let timer: NodeJS.Timeout | undefined;
  const expire = (): void => {
    const oldest = now().getTime() - LIFETIME_MS;
    for (const event of store.list(EVENTS).items) {
      const { namespace = '', name = '' } = event.metadata;
      if (lastTimeMs(event) < oldest) store.delete({ ...EVENTS, namespace, name });
    }
  };
  return {
    name: 'event-expiry',
    start: () => {
      timer = setInterval(expire, CHECK_MS);
    },
    stop: async () => clearInterval(timer),
  };
};
