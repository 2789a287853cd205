/** createDeliveryObserver: tells the event log what deliveries lead to, and that a change was merged. */

import type { Delivery, NewEvent } from '@tekton-dag/store';
import { readDecision } from '../deliveries/accept-delivery.ts';
import type { Decision, ReleaseDecision } from '../deliveries/decision.ts';
import type { Parts } from '../start/parts.ts';
import { makeEvent } from './make-event.ts';

/**
 * Call it when a delivery is about to be carried out; those that lead to nothing are in the list of deliveries alone.
 * Rejects with a StoreError when a merge cannot be told.
 */
export function createDeliveryObserver(
  parts: Pick<Parts, 'store' | 'metrics' | 'log'>,
): (delivery: Delivery) => Promise<void> {
  return async (delivery) => {
    const decision = readDecision(delivery);
    void appendOrLose(parts, decidedEvent(delivery, decision));
    if (decision.kind !== 'release') return;
    const seq = await parts.store.events.append(mergedEvent(delivery, decision));
    if (seq !== undefined) parts.metrics.events.inc({ outcome: 'stored' });
  };
}

/** Never rejects: the delivery itself is stored, and says the same. */
async function appendOrLose(
  { store, metrics, log }: Pick<Parts, 'store' | 'metrics' | 'log'>,
  event: NewEvent,
): Promise<void> {
  try {
    const seq = await store.events.append(event);
    if (seq !== undefined) metrics.events.inc({ outcome: 'stored' });
  } catch (error) {
    metrics.events.inc({ outcome: 'lost' });
    log.warn({ err: error, event: event.type }, 'an event is lost');
  }
}

function decidedEvent(delivery: Delivery, decision: Decision): NewEvent {
  const { host, id, event, action, repository } = delivery;
  const targets = decision.targets ?? [];
  return makeEvent('delivery.decided', aboutDelivery(delivery, targets), {
    host,
    id,
    event,
    action,
    repository,
    decision: decision.kind,
    reason: decision.kind === 'ignored' ? decision.reason : null,
    runs: runsOf(decision),
  });
}

function runsOf(decision: Decision): readonly string[] {
  if (decision.kind !== 'test' && decision.kind !== 'release') return [];
  return decision.targets.map(({ runName }) => runName);
}

function mergedEvent(delivery: Delivery, { change, sha, targets }: ReleaseDecision): NewEvent {
  const { host, repository, pullRequest } = change;
  const about = {
    ...aboutDelivery(delivery, targets),
    subject: `${host}/${repository}#${pullRequest}`,
    occurrence: sha,
  };
  return makeEvent('change.merged', about, {
    host,
    repository,
    pull_request: pullRequest,
    sha,
    delivery: delivery.id,
  });
}

/** What concerns several teams is told once, to those who see all of them. */
function aboutDelivery({ host, id, receivedAtMs }: Delivery, targets: readonly { readonly team: string }[]) {
  const teams = [...new Set(targets.map(({ team }) => team))];
  const [team = ''] = teams.length === 1 ? teams : [];
  return { subject: `${host}/${id}`, team, timeMs: receivedAtMs, occurrence: '' };
}
