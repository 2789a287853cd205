/** fillGaps: asks a forge for the deliveries of a hook that never reached us, and takes them as if they had. */

import type { Store } from '@tekton-dag/store';
import type { Logger } from 'pino';
import type { HookDeliveries, HookDelivery, HookScope } from '../forge/forge-client.ts';
import { ForgeError } from '../forge/forge-error.ts';
import { GITHUB_EVENTS } from '../forge/github/parse-github-event.ts';
import { deliveryTraceparent } from './delivery-traceparent.ts';
import type { IncomingDelivery } from './incoming-delivery.ts';
import { receiveDelivery, type ReceiveContext } from './receive-delivery.ts';

export interface GapContext extends Omit<ReceiveContext, 'store'> {
  readonly store: Pick<Store, 'deliveries' | 'cursors'>;
  readonly log: Logger;
  /** Called for each delivery that was found and stored. */
  readonly onRecovered: () => void;
}

export interface GapHook {
  readonly host: string;
  readonly scope: HookScope;
  readonly deliveries: HookDeliveries;
}

/** The forge's clock, attempts that cross, and entries that appear late. */
const OVERLAP_MS = 15 * 60_000;
/** What is younger may be on its way to us. */
const SETTLED_AFTER_MS = 60_000;
/** GitHub docs: deliveries of the past 3 days can be seen and sent again. */
const MAX_LOOK_BACK_MS = 3 * 24 * 3_600_000;
/** Of 100 each. */
const MAX_PAGES = 100;

/**
 * Tells how many deliveries were recovered. Doing it twice, or on two replicas at once, recovers each once. Rejects with
 * a `ForgeError` or `StoreError`; what was recovered until then stays, and the next call begins where this one did.
 */
export async function fillGaps(context: GapContext, hook: GapHook, signal: AbortSignal): Promise<number> {
  const nowMs = Date.now();
  const name = cursorNameOf(hook);
  const cursor = await context.store.cursors.get(name);
  const sinceMs = await beginningOf(context, hook, cursor, nowMs);
  const seen = await listSettled(context, hook, { sinceMs, untilMs: nowMs - SETTLED_AFTER_MS });
  const missing = await findMissing(context, hook, seen);
  let recovered = 0;
  for (const delivery of missing) {
    if (signal.aborted) return recovered;
    if (await recover(context, hook, delivery)) recovered += 1;
  }
  const reached = seen.at(-1)?.deliveredAtMs ?? sinceMs;
  await context.store.cursors.advance(name, { from: cursor, to: String(Math.max(reached, sinceMs)) });
  return recovered;
}

function cursorNameOf({ host, scope }: GapHook): string {
  const { repository, organization, hookId } = scope;
  return `gap-fill ${host} ${repository ?? organization ?? 'app'} ${hookId ?? ''}`.trim().toLowerCase();
}

/** Where this hook was never asked: from the first delivery that we know, or from now. */
async function beginningOf(
  { store }: GapContext,
  { host }: GapHook,
  cursor: string | undefined,
  nowMs: number,
): Promise<number> {
  const earliest = nowMs - MAX_LOOK_BACK_MS;
  if (cursor !== undefined) return Math.max(earliest, Number(cursor) - OVERLAP_MS);
  const range = await store.deliveries.receivedRange(host);
  return Math.max(earliest, range?.oldestMs ?? nowMs);
}

/** Oldest first, each delivery once. */
async function listSettled(
  { log }: GapContext,
  { host, scope, deliveries: hookDeliveries }: GapHook,
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
): Promise<readonly HookDelivery[]> {
  const found = new Map<string, HookDelivery>();
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { deliveries, next } = await hookDeliveries.list(scope, cursor);
    const settled = deliveries.filter(({ deliveredAtMs: at }) => at >= sinceMs && at <= untilMs);
    for (const delivery of settled) found.set(delivery.guid, delivery);
    const isPast = deliveries.some(({ deliveredAtMs }) => deliveredAtMs < sinceMs);
    if (isPast || next === undefined) return [...found.values()].toSorted(byTime);
    cursor = next;
  }
  log.warn({ host, scope }, 'a hook has more deliveries than are asked for; older ones are left');
  return [...found.values()].toSorted(byTime);
}

function byTime(a: HookDelivery, b: HookDelivery): number {
  return a.deliveredAtMs - b.deliveredAtMs;
}

async function findMissing(
  { store }: GapContext,
  { host }: GapHook,
  seen: readonly HookDelivery[],
): Promise<readonly HookDelivery[]> {
  const wanted = seen.filter(({ event }) => GITHUB_EVENTS.includes(event));
  const known = await store.deliveries.findKnown(wanted.map(({ guid }) => ({ host, id: guid })));
  const ids = new Set(known.map(({ id }) => id));
  return wanted.filter(({ guid }) => !ids.has(guid));
}

/** False where nothing is to be had, or of use. */
async function recover(context: GapContext, hook: GapHook, delivery: HookDelivery): Promise<boolean> {
  const body = await fetchPayload(hook, delivery);
  if (body === undefined) return false;
  const received = await receiveDelivery(context, toIncoming(delivery, body), { within: hook.scope });
  if (!received.ok) {
    const { reason, message } = received.error;
    context.log.warn({ delivery: delivery.guid, reason, message }, 'a recovered delivery is of no use');
    return false;
  }
  if (received.value.status === 'conflict' || !received.value.fresh) return false;
  context.onRecovered();
  return true;
}

/** Undefined where the forge has forgotten it. */
async function fetchPayload(
  { deliveries, scope }: GapHook,
  { id }: HookDelivery,
): Promise<Uint8Array | undefined> {
  try {
    return await deliveries.getPayload(scope, id);
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return undefined;
    throw error;
  }
}

function toIncoming({ guid, event }: HookDelivery, body: Uint8Array): IncomingDelivery {
  return {
    forge: 'github',
    id: guid,
    event,
    body,
    headers: { 'x-github-event': event },
    receivedAtMs: Date.now(),
    secretName: '',
    traceparent: deliveryTraceparent(undefined),
    gapFilled: true,
  };
}
