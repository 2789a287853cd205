/** receiveDelivery: the one way that an authentic delivery takes, whether it arrived, was fetched later or is replayed. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { Store } from '@tekton-dag/store';
import type { HookScope } from '../forge/forge-client.ts';
import type { ForgeEvent } from '../forge/forge-event.ts';
import { forgeOfKind } from '../forge/forge-of-kind.ts';
import type { Forges } from '../forge/forges.ts';
import type { PayloadProblem } from '../forge/payload-problem.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';
import { acceptDelivery, type Acceptance } from './accept-delivery.ts';
import { decide, type DecideOptions } from './decide.ts';
import type { IncomingDelivery } from './incoming-delivery.ts';
import { hookScopeOf, isOutsideScope, originOfEvent, routesInScope, secretScopeOf } from './secret-scope.ts';

export interface ReceiveContext {
  readonly store: Pick<Store, 'deliveries'>;
  readonly snapshot: () => Pick<PlatformSnapshot, 'teams' | 'routes'>;
  readonly forges: Pick<Forges, 'kindOf'>;
}

export interface ReceiveOptions extends DecideOptions {
  /** Of the hook that the forge says it delivered to; then no secret counts. */
  readonly within?: HookScope;
}

export type ReceiveFailure =
  PayloadProblem | { readonly reason: 'wrong-secret-scope'; readonly message: string };

/** Of a failure nothing is kept. Rejects with a `StoreError` when the delivery cannot be stored. */
export async function receiveDelivery(
  context: ReceiveContext,
  incoming: IncomingDelivery,
  options: ReceiveOptions = {},
): Promise<Result<Acceptance, ReceiveFailure>> {
  const parsed = forgeOfKind(incoming.forge).parse(incoming.event, incoming.body);
  if (!parsed.ok) return parsed;
  const event = datedEvent(parsed.value, incoming);
  const { teams, routes } = context.snapshot();
  const { within, ...deciding } = options;
  const scope = within === undefined ? secretScopeOf(incoming.secretName, teams) : hookScopeOf(within);
  const scoped = routesInScope(scope, routes);
  if (isOutsideScope(scope, event, scoped) || isOfOtherForge(context, incoming, event)) {
    return err({ reason: 'wrong-secret-scope', message: 'the secret is for other repositories' });
  }
  const decision = decide(event, scoped, deciding);
  return ok(await acceptDelivery(context.store, incoming, event, decision));
}

/** A merge queue's commit is the pull request's newest, whatever was changed of that after the commit was made. */
function datedEvent(event: ForgeEvent, { receivedAtMs }: IncomingDelivery): ForgeEvent {
  if (event.kind !== 'updated' || event.action !== 'checks_requested') return event;
  const updatedAtMs = Math.max(event.change.updatedAtMs, receivedAtMs);
  return { ...event, change: { ...event.change, updatedAtMs } };
}

/** A forge must not speak for another one's host. */
function isOfOtherForge(context: ReceiveContext, { forge }: IncomingDelivery, event: ForgeEvent): boolean {
  const kind = context.forges.kindOf(originOfEvent(event)?.host ?? '');
  return kind !== undefined && kind !== forge;
}
