/** createDeliveryWorker: the dispatcher with what it carries out. */

import type { Delivery } from '@tekton-dag/store';
import { executeCommands } from '../commands/execute-commands.ts';
import { dispatchDelivery, type DispatchContext } from '../deliveries/dispatch-delivery.ts';
import { createDispatcher, type Dispatcher } from '../deliveries/dispatcher.ts';
import { createCommandActions } from '../runs/create-command-actions.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { Parts } from './parts.ts';

/** Not started yet; dispose it to stop. */
export function createDeliveryWorker(parts: Parts): Dispatcher {
  const { config, log, store, metrics } = parts;
  return createDispatcher({
    store,
    log,
    owner: config.instance,
    concurrency: config.dispatchConcurrency,
    onOutcome: (outcome) => metrics.dispatches.inc({ outcome }),
    dispatch: (delivery) => dispatchDelivery(contextOf(parts, delivery), delivery),
  });
}

function contextOf(parts: Parts, { id, receivedAtMs }: Delivery): DispatchContext {
  const { client, store, forges, snapshot, config, metrics, log } = parts;
  const runs: RunContext = {
    client,
    store,
    forges,
    snapshot,
    defaults: config,
    onRunCreated: ({ name, mode }) => {
      metrics.eventToRunSeconds.observe({ mode }, (Date.now() - receivedAtMs) / 1_000);
      log.info({ run: name, delivery: id }, 'run created');
    },
  };
  const commands = {
    forges,
    pullRequests: store.pullRequests,
    actions: createCommandActions(runs),
    onReactionLost: (error: unknown) => log.info({ err: error, delivery: id }, 'no reaction was shown'),
  };
  return { ...runs, executeCommands: (delivery, decision) => executeCommands(commands, delivery, decision) };
}
