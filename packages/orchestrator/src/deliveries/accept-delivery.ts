/** Takes one verified delivery: decides, stores, and only then has an answer. */

import type { Delivery, NewDelivery, Store } from '@tekton-dag/store';
import type { ForgeEvent } from '../forge/forge-event.ts';
import type { RouteTable } from '../routing/route-table.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';

/** What came in; `body` is what was signed. */
export interface IncomingDelivery {
  readonly id: string;
  readonly event: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAtMs: number;
}

/** `conflict`: the id came before, with another body. */
export type Acceptance =
  | { readonly status: 'accepted' | 'duplicate'; readonly decision: Decision }
  | { readonly status: 'ignored'; readonly decision: Extract<Decision, { kind: 'ignored' }> }
  | { readonly status: 'conflict' };

/** Resolves when the delivery is on the disk. An ignored one is kept without its body, to be explained later. */
export async function acceptDelivery(
  store: Store,
  routes: RouteTable,
  incoming: IncomingDelivery,
  event: ForgeEvent,
): Promise<Acceptance> {
  const decision = decide(event, routes);
  const outcome = await store.deliveries.insert(toNewDelivery(incoming, event, decision));
  if (outcome.kind === 'conflict') return { status: 'conflict' };
  const standing = outcome.kind === 'inserted' ? decision : readDecision(outcome.stored);
  if (standing.kind === 'ignored') return { status: 'ignored', decision: standing };
  return { status: outcome.kind === 'inserted' ? 'accepted' : 'duplicate', decision: standing };
}

/** The decision that was stored with a delivery; our own text, so it is trusted. */
export function readDecision(delivery: Delivery): Decision {
  const decision: Decision = JSON.parse(delivery.decision);
  return decision;
}

function toNewDelivery(incoming: IncomingDelivery, event: ForgeEvent, decision: Decision): NewDelivery {
  const ignored = decision.kind === 'ignored';
  return {
    ...describeSubject(incoming, event),
    id: incoming.id,
    event: incoming.event,
    receivedAtMs: incoming.receivedAtMs,
    headers: incoming.headers,
    body: ignored ? new Uint8Array() : incoming.body,
    state: ignored ? 'ignored' : 'pending',
    decision: JSON.stringify(decision),
    ...(ignored ? { reason: decision.reason } : {}),
  };
}

function describeSubject(
  incoming: IncomingDelivery,
  event: ForgeEvent,
): Pick<NewDelivery, 'host' | 'action' | 'repository' | 'subject' | 'occurredAtMs'> {
  if (event.kind === 'ignored') {
    const action = event.reason === 'action' ? event.detail : '';
    return { host: '', action, repository: '', subject: incoming.id, occurredAtMs: incoming.receivedAtMs };
  }
  const { host, pullRequest, updatedAtMs } = event.change;
  const repository = event.change.repository.toLowerCase();
  return {
    host,
    action: event.action,
    repository,
    subject: `${host}/${repository}#${pullRequest}`,
    occurredAtMs: updatedAtMs,
  };
}
