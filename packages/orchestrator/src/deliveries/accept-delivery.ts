/** acceptDelivery: stores a delivery with what was decided about it, and only then has an answer. */

import type { Delivery, NewDelivery, Store } from '@tekton-dag/store';
import type { ForgeEvent } from '../forge/forge-event.ts';
import type { Decision, IgnoredDecision } from './decision.ts';
import type { IncomingDelivery } from './incoming-delivery.ts';
import { originOfEvent } from './secret-scope.ts';

/**
 * `fresh`: it was not stored before, and there may be work. `conflict`: the id came before, with another body.
 */
export type Acceptance =
  | {
      readonly status: 'accepted' | 'duplicate';
      readonly decision: Exclude<Decision, IgnoredDecision>;
      readonly fresh: boolean;
    }
  | { readonly status: 'ignored'; readonly decision: IgnoredDecision; readonly fresh: boolean }
  | { readonly status: 'conflict' };

/** Resolves when the delivery is on the disk. */
export async function acceptDelivery(
  store: Pick<Store, 'deliveries'>,
  incoming: IncomingDelivery,
  event: ForgeEvent,
  decision: Decision,
): Promise<Acceptance> {
  const outcome = await store.deliveries.insert(toNewDelivery(incoming, event, decision));
  if (outcome.kind === 'conflict' && !isSameByOtherBytes(incoming, outcome.stored)) {
    return { status: 'conflict' };
  }
  const fresh = outcome.kind === 'inserted';
  const standing = fresh ? decision : readDecision(outcome.stored);
  if (standing.kind === 'ignored') return { status: 'ignored', decision: standing, fresh };
  return { status: fresh ? 'accepted' : 'duplicate', decision: standing, fresh };
}

/** What was fetched from the forge later is not byte for byte what it sent. */
function isSameByOtherBytes(incoming: IncomingDelivery, stored: Delivery): boolean {
  return incoming.gapFilled || stored.gapFilled;
}

/** The decision that was stored with a delivery; our own text, so it is trusted. */
export function readDecision(delivery: Pick<Delivery, 'decision'>): Decision {
  const decision: Decision = JSON.parse(delivery.decision);
  return decision;
}

/** An ignored one waits only where there is a pull request whose people should see why. */
function toNewDelivery(incoming: IncomingDelivery, event: ForgeEvent, decision: Decision): NewDelivery {
  const idle = decision.kind === 'ignored' && decision.change === undefined;
  const { forge, id, receivedAtMs, headers, body, secretName, traceparent, gapFilled } = incoming;
  return {
    ...describeSubject(incoming, event),
    forge,
    id,
    event: incoming.event,
    receivedAtMs,
    headers,
    body,
    secretName,
    traceparent,
    gapFilled,
    state: idle ? 'ignored' : 'pending',
    decision: JSON.stringify(decision),
    teams: teamsOf(decision),
    ...(decision.kind === 'ignored' ? { reason: decision.reason } : {}),
  };
}

function teamsOf(decision: Decision): readonly string[] {
  return [...new Set((decision.targets ?? []).map(({ team }) => team))];
}

type DeliverySubject = Pick<NewDelivery, 'host' | 'action' | 'repository' | 'subject' | 'occurredAtMs'>;

function describeSubject(incoming: IncomingDelivery, event: ForgeEvent): DeliverySubject {
  const { host = '', repository = '' } = originOfEvent(event) ?? {};
  const lower = repository.toLowerCase();
  const about = pullRequestOf(event);
  if (about === undefined) {
    const action = event.kind === 'ignored' && event.reason === 'action' ? event.detail : '';
    const occurredAtMs = incoming.receivedAtMs;
    return { host, action, repository: lower, subject: incoming.id, occurredAtMs };
  }
  const { action, pullRequest, occurredAtMs } = about;
  return { host, action, repository: lower, subject: `${host}/${lower}#${pullRequest}`, occurredAtMs };
}

function pullRequestOf(
  event: ForgeEvent,
): { readonly action: string; readonly pullRequest: number; readonly occurredAtMs: number } | undefined {
  if (event.kind === 'ignored' || event.kind === 'push') return undefined;
  const { pullRequest, updatedAtMs } = event.kind === 'command' ? event.command : event.change;
  return { action: event.action, pullRequest, occurredAtMs: updatedAtMs };
}
