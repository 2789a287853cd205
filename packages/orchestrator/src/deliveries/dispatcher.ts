/** The dispatcher: works off the stored deliveries until each is done, failed for good, or put back for later. */

import { createBackoff, KubeError } from '@tekton-dag/kube';
import type { ClaimedDelivery, Store } from '@tekton-dag/store';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createArrivalRate } from './arrival-rate.ts';
import { createBell } from '../bell.ts';
import { isStoreAway } from '../is-store-away.ts';
import { ForgeError } from '../forge/forge-error.ts';
import type { DeliveryOutcome } from './delivery-outcome.ts';
import type { DispatchResult } from './dispatch-delivery.ts';

export interface DispatcherOptions {
  readonly store: Store;
  readonly dispatch: (delivery: ClaimedDelivery) => Promise<DispatchResult>;
  /** Whose claims these are; see `OrchestratorConfig.instance`. */
  readonly owner: string;
  readonly log: Logger;
  readonly onOutcome?: (outcome: Attempt['kind']) => void;
  /** Deliveries worked on at a time. */
  readonly concurrency: number;
}

export interface Dispatcher extends AsyncDisposable {
  start(): void;
  /** Says that there may be work. */
  wake(): void;
}

/** Longer than any single request to the API may take. */
const LEASE_MS = 120_000;
/** Finds what no `wake` told of: retries whose time has come, and other replicas' lost claims. */
const POLL_MS = 1_000;
const MAX_RETRY_MS = 30_000;
/**
 * Above this many arrivals a second the answers come first: one is begun at a time. Each is requests to the API, what
 * its watch tells of them, and rows of the history, all on the thread that answers.
 */
const BUSY_PER_S = 200;
const BUSY_CLAIM_LIMIT = 1;
/** In a burst, deliveries are claimed together: each claim is a transaction. */
const GATHER_MS = 5;
const BUSY_GATHER_MS = 25;
/** After a day of refusals nobody waits for the answer any more. */
const GIVE_UP_MS = 24 * 3_600_000;
/** The API will say the same tomorrow. */
const PERMANENT_REASONS = new Set(['Invalid', 'BadRequest', 'RequestEntityTooLarge']);

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, owner, log, concurrency } = options;
  const hand: Hand = { inFlight: new Set(), mayHaveLost: false };
  const { inFlight } = hand;
  const bell = createBell();
  const stop = new AbortController();
  let running: Promise<void> | undefined;

  const arrivals = createArrivalRate();
  const claim = async (): Promise<number> => {
    const atOnce = arrivals.perSecond() > BUSY_PER_S ? BUSY_CLAIM_LIMIT : concurrency;
    const limit = Math.max(0, Math.min(atOnce, concurrency - inFlight.size));
    const claimed =
      limit === 0 ? [] : await store.deliveries.claim({ owner, nowMs: Date.now(), leaseMs: LEASE_MS, limit });
    for (const delivery of claimed) takeOn(options, hand, delivery, () => bell.ring());
    return claimed.length;
  };
  const run = async (): Promise<void> => {
    const backoff = createBackoff({ baseMs: POLL_MS, maxMs: MAX_RETRY_MS });
    while (!stop.signal.aborted) {
      try {
        await takeBackLost(options, hand);
        if ((await claim()) === 0) await bell.wait(POLL_MS);
        await sleep(arrivals.perSecond() > BUSY_PER_S ? BUSY_GATHER_MS : GATHER_MS);
        backoff.reset();
      } catch (error) {
        hand.mayHaveLost = true;
        log.error({ err: error }, 'deliveries cannot be claimed');
        await bell.wait(backoff.next());
      }
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    wake: () => {
      arrivals.arrive();
      bell.ring();
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      bell.ring();
      await running;
      await Promise.allSettled(inFlight);
    },
  };
}

/** What is worked on. */
interface Hand {
  readonly inFlight: Set<Promise<void>>;
  /** There may be claims that nobody works on: the store was away when it was to answer, or to be told of an outcome. */
  mayHaveLost: boolean;
}

function takeOn(options: DispatcherOptions, hand: Hand, delivery: ClaimedDelivery, onEnd: () => void): void {
  const work = workOn(options, delivery).then((isWhole) => {
    if (!isWhole) hand.mayHaveLost = true;
    hand.inFlight.delete(work);
    onEnd();
  });
  hand.inFlight.add(work);
}

/** Else they would wait for the end of their lease. */
async function takeBackLost({ store, owner }: DispatcherOptions, hand: Hand): Promise<void> {
  if (!hand.mayHaveLost) return;
  await Promise.all(hand.inFlight);
  await store.deliveries.releaseClaims(owner);
  hand.mayHaveLost = false;
}

/** Never rejects: false where the store was away when it was told of the outcome; what it refuses waits for the lease. */
async function workOn(options: DispatcherOptions, delivery: ClaimedDelivery): Promise<boolean> {
  const log = options.log.child({ delivery: delivery.id });
  try {
    const outcome = await attempt(options, delivery);
    options.onOutcome?.(outcome.kind);
    if (outcome.kind === 'retry' || outcome.kind === 'failed') log.warn(outcome, 'delivery is not done');
    await storeOutcome(options.store, delivery, outcome);
    return true;
  } catch (error) {
    log.error({ err: error }, 'the outcome of a delivery cannot be stored');
    return !isStoreAway(error);
  }
}

/** `retry`: something refused; `failed`: it will refuse for ever. */
type Attempt =
  | DispatchResult
  | { readonly kind: 'failed'; readonly reason: string; readonly outcome?: DeliveryOutcome }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs: number };

async function storeOutcome(
  { deliveries }: Store,
  delivery: ClaimedDelivery,
  outcome: Attempt,
): Promise<void> {
  if (outcome.kind === 'done') return deliveries.finish(delivery, JSON.stringify(outcome.outcome));
  const { reason } = outcome;
  if (outcome.kind === 'failed') return deliveries.fail(delivery, reason, JSON.stringify(outcome.outcome));
  return deliveries.retry(delivery, { notBeforeMs: Date.now() + outcome.afterMs, reason });
}

async function attempt(options: DispatcherOptions, delivery: ClaimedDelivery): Promise<Attempt> {
  try {
    return judge(await options.dispatch(delivery));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hopeless = error instanceof KubeError && PERMANENT_REASONS.has(error.reason);
    const tooOld = Date.now() - delivery.receivedAtMs > GIVE_UP_MS;
    if (hopeless || tooOld) return { kind: 'failed', reason };
    return { kind: 'retry', reason, afterMs: Math.max(retryAfterMs(delivery.attempts), forgeDelayMs(error)) };
  }
}

/** It has failed when the cluster would have none of its runs. */
function judge(result: DispatchResult): Attempt {
  if (result.kind !== 'done' || result.outcome.kind !== 'runs') return result;
  const { runs, skipped } = result.outcome;
  const refused = skipped.find(({ reason }) => reason === 'forbidden');
  if (runs.length > 0 || refused === undefined) return result;
  return { kind: 'failed', reason: refused.detail, outcome: result.outcome };
}

/** 250 ms, doubling up to 30 s; half of it random, so that what failed together does not come back together. */
function retryAfterMs(attempts: number): number {
  const limit = Math.min(MAX_RETRY_MS, 250 * 2 ** Math.min(attempts, 10));
  return Math.round(limit / 2 + (limit / 2) * Math.random());
}

/** A forge whose limit is reached says when to come again. */
function forgeDelayMs(error: unknown): number {
  return error instanceof ForgeError && error.retryAtMs !== undefined ? error.retryAtMs - Date.now() : 0;
}
