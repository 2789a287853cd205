/** Singletons: work that one of several replicas does, the one that holds the Lease. */

import { createBackoff, createLease, sleep, type KubeClient, type LeaderLease } from '@tekton-dag/kube';
import type { Logger } from 'pino';

/** Works until `signal` aborts, then starts nothing more; what it rejects with is logged, and it is begun again. */
export type SingletonWork = (signal: AbortSignal) => Promise<void>;

export interface Singletons extends AsyncDisposable {
  /** Before `start`. */
  add(name: string, work: SingletonWork): void;
  /** Tries to get the Lease from now on. */
  start(): void;
  /** True while this replica is the one. */
  readonly held: boolean;
}

export interface SingletonsOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Of the Lease: the same for all replicas, and nobody else's in the namespace. */
  readonly name: string;
  /** Unique per replica. */
  readonly identity: string;
  readonly leaseMs: number;
  readonly log: Logger;
  readonly onChange: (isHeld: boolean) => void;
}

const MAX_RENEW_EVERY_MS = 2_000;
/** A holder lives on for two thirds of the Lease without the API: several tries must fit in there. */
const RENEWALS_PER_LEASE = 5;

export function createSingletons(options: SingletonsOptions): Singletons {
  const { log, client, namespace, name, identity, leaseMs: durationMs } = options;
  const works = new Map<string, SingletonWork>();
  let term = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  const begin = (): void => {
    term = new AbortController();
    const { signal } = term;
    // What the last term had in hand ends first: nothing of ours ever runs twice.
    running = running.then(() =>
      Promise.all([...works].map(([name, work]) => repeat(work, signal, log.child({ singleton: name })))),
    );
  };
  const lease: LeaderLease = createLease({
    client,
    namespace,
    name,
    identity,
    durationMs,
    renewEveryMs: Math.min(MAX_RENEW_EVERY_MS, durationMs / RENEWALS_PER_LEASE),
    onError: (error) => log.warn({ err: error }, 'the lease cannot be renewed'),
    onAcquired: () => {
      log.info({ namespace, lease: name, identity }, 'this replica leads');
      options.onChange(true);
      begin();
    },
    onLost: () => {
      log.info({ namespace, lease: name, identity }, 'this replica no longer leads');
      options.onChange(false);
      term.abort();
    },
  });
  return {
    add: (name, work) => void works.set(name, work),
    start: () => lease.start(),
    get held() {
      return lease.held;
    },
    [Symbol.asyncDispose]: async () => {
      // The work ends before the Lease is given up.
      term.abort();
      await running;
      await lease[Symbol.asyncDispose]();
      term.abort();
      await running;
    },
  };
}

async function repeat(work: SingletonWork, signal: AbortSignal, log: Logger): Promise<void> {
  const backoff = createBackoff();
  while (!signal.aborted) {
    try {
      await work(signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      const retryInMs = backoff.next();
      log.error({ err: error, retryInMs }, 'singleton work failed');
      await sleep(retryInMs, signal);
    }
  }
}
