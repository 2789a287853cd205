/** createDeliveryWorker: the dispatcher with what it carries out. */

import { dispatchDelivery } from '../deliveries/dispatch-delivery.ts';
import { createDispatcher, type Dispatcher } from '../deliveries/dispatcher.ts';
import type { Parts } from './parts.ts';

/** Not started yet; dispose it to stop. */
export function createDeliveryWorker({ config, client, log, store, snapshot, metrics }: Parts): Dispatcher {
  return createDispatcher({
    store,
    log,
    owner: config.instance,
    onOutcome: (outcome) => metrics.dispatches.inc({ outcome }),
    dispatch: (delivery) =>
      dispatchDelivery(
        {
          client,
          store,
          snapshot,
          defaults: config,
          onRunCreated: ({ name, mode }, { id, receivedAtMs }) => {
            metrics.eventToRunSeconds.observe({ mode }, (Date.now() - receivedAtMs) / 1_000);
            log.info({ run: name, delivery: id }, 'run created');
          },
        },
        delivery,
      ),
  });
}
