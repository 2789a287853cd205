/** replayDelivery: takes a stored delivery through the code once more, as a new one, with the teams and stacks of now. */

import { err, ok, type Result } from '@tekton-dag/model';
import type { Delivery, DeliveryKey, Store } from '@tekton-dag/store';
import { FORGE_KINDS } from '../forge/forge.ts';
import type { Acceptance } from './accept-delivery.ts';
import { receiveDelivery, type ReceiveContext, type ReceiveFailure } from './receive-delivery.ts';

export interface ReplayOptions {
  /**
   * Names the runs anew. Without it a run that the delivery has made already is not made a second time, because its name
   * is derived from the change: the replay then ends where the first delivery did.
   */
  readonly force: boolean;
  readonly nowMs: number;
}

export interface Replay {
  /** Under which the replay is stored: `<id>~replay-<n>`. */
  readonly key: DeliveryKey;
  readonly acceptance: Exclude<Acceptance, { status: 'conflict' }>;
}

export type ReplayFailure =
  | ReceiveFailure
  | { readonly reason: 'not-found' | 'no-payload' | 'too-many-replays'; readonly message: string };

const MAX_REPLAYS = 100;
const REPLAY_SUFFIX = /~replay-\d+$/;

/** The dispatcher is to be woken when the acceptance is fresh. Rejects with a `StoreError`. */
export async function replayDelivery(
  context: ReceiveContext,
  key: DeliveryKey,
  { force, nowMs }: ReplayOptions,
): Promise<Result<Replay, ReplayFailure>> {
  const { deliveries } = context.store;
  const stored = await deliveries.get(key);
  if (stored === undefined) return err({ reason: 'not-found', message: 'there is no such delivery' });
  const payload = await deliveries.readPayload(key);
  if (payload === undefined) {
    return err({
      reason: 'no-payload',
      message: 'its payload is not kept; ask the forge to deliver it again',
    });
  }
  const attempt = force ? { attempt: Math.floor(nowMs / 1_000) } : {};
  for (const id of await freeIds(deliveries, key)) {
    const incoming = { ...describe(stored), id, ...payload, receivedAtMs: nowMs };
    const received = await receiveDelivery(context, incoming, attempt);
    if (!received.ok) return received;
    const acceptance = received.value;
    // Somebody else took the number meanwhile.
    if (acceptance.status === 'conflict' || !acceptance.fresh) continue;
    return ok({ key: { host: key.host, id }, acceptance });
  }
  return err({ reason: 'too-many-replays', message: `it was replayed ${MAX_REPLAYS} times` });
}

function describe({ forge, event, secretName, traceparent, gapFilled }: Delivery) {
  const kind = FORGE_KINDS.find((known) => known === forge) ?? 'github';
  return { forge: kind, event, secretName, traceparent, gapFilled } as const;
}

/** In order. A replay of a replay counts with the first delivery. */
async function freeIds(
  deliveries: Pick<Store['deliveries'], 'findKnown'>,
  { host, id }: DeliveryKey,
): Promise<readonly string[]> {
  const first = id.replace(REPLAY_SUFFIX, '');
  const ids = Array.from({ length: MAX_REPLAYS }, (_, index) => `${first}~replay-${index + 1}`);
  const known = await deliveries.findKnown(ids.map((candidate) => ({ host, id: candidate })));
  const taken = new Set(known.map(({ id: candidate }) => candidate));
  return ids.filter((candidate) => !taken.has(candidate));
}
