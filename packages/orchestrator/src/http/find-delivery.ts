/** findDelivery: a stored delivery, as far as the caller may see it. */

import type { Delivery, DeliveryKey, Store } from '@tekton-dag/store';
import { mayEverywhere, mayIn, type Caller } from '../auth/caller.ts';
import { notFound } from '../auth/require-role.ts';
import { restrictDelivery } from './restrict-delivery.ts';

/** Throws the same `not-found` for one that is not there and for one that is no team's of the caller. */
export async function findDelivery(
  store: Store,
  caller: Caller,
  { host, id }: DeliveryKey,
): Promise<Delivery> {
  const delivery = await store.deliveries.get({ host, id });
  if (delivery === undefined) throw notFound();
  const seen =
    mayEverywhere(caller, 'viewer') || delivery.teams.some((team) => mayIn(caller, team, 'viewer'));
  if (!seen) throw notFound();
  return restrictDelivery(delivery, caller);
}
