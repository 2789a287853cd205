/** createDeliveryWorker: the dispatcher with what it carries out. */

import type { Delivery } from '@tekton-dag/store';
import { executeCommands } from '../commands/execute-commands.ts';
import { dispatchDelivery, type DispatchContext } from '../deliveries/dispatch-delivery.ts';
import { createDispatcher, type Dispatcher } from '../deliveries/dispatcher.ts';
import { createCommandActions } from '../runs/create-command-actions.ts';
import type { RunContext } from '../runs/run-context.ts';
import { createDeliveryObserver } from '../telemetry/observe-delivery.ts';
import { traceDispatch } from '../telemetry/trace-dispatch.ts';
import type { Parts } from './parts.ts';

/** Not started yet; dispose it to stop. */
export function createDeliveryWorker(parts: Parts): Dispatcher {
  const { config, log, store, metrics } = parts;
  const observeDelivery = createDeliveryObserver(parts);
  return createDispatcher({
    store,
    log,
    owner: config.instance,
    concurrency: config.dispatchConcurrency,
    onOutcome: (outcome) => metrics.dispatches.inc({ outcome }),
    dispatch: async (delivery) => {
      await observeDelivery(delivery);
      return traceDispatch(parts.tracing, delivery, (onRunCreated) =>
        dispatchDelivery(contextOf(parts, delivery, onRunCreated), delivery),
      );
    },
  });
}

function contextOf(
  parts: Parts,
  { id, receivedAtMs }: Delivery,
  onRunCreated: RunContext['onRunCreated'],
): DispatchContext {
  const { client, store, forges, snapshot, config, metrics, log } = parts;
  const runs: RunContext = {
    client,
    store,
    forges,
    snapshot,
    defaults: config,
    onRunCreated: (request, askedAtMs) => {
      const { name, mode } = request;
      onRunCreated(request, askedAtMs);
      metrics.eventToRunSeconds.observe({ mode }, (Date.now() - receivedAtMs) / 1_000);
      log.info({ run: name, delivery: id }, 'run created');
    },
  };
  const commands = {
    forges,
    pullRequests: store.pullRequests,
    runs: store.runs,
    actions: createCommandActions(runs),
    onReactionLost: (error: unknown) => log.info({ err: error, delivery: id }, 'no reaction was shown'),
  };
  return { ...runs, executeCommands: (delivery, decision) => executeCommands(commands, delivery, decision) };
}
