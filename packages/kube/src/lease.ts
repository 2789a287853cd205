/** Lease: one of several replicas at a time holds it (coordination.k8s.io/v1, as client-go's leader election). */

import { isRefusal } from './kube-error.ts';
import type { KubeClient } from './kube-client.ts';
import { kinds, type Lease as LeaseObject } from './kinds.ts';
import type { ResourceClient } from './resource-client.ts';
import { sleep } from './sleep.ts';

type LeaseSpec = NonNullable<LeaseObject['spec']>;

export interface LeaseOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Unique per replica, e.g. the pod's name. */
  readonly identity: string;
  /** Others may take the lease when it was not renewed for this long; default 15 000, at least 1 000. */
  readonly durationMs?: number;
  /** Renewed this often; default 2 000. */
  readonly renewEveryMs?: number;
  readonly onAcquired?: () => void;
  /** Stop the work at once: another replica may begin. */
  readonly onLost?: () => void;
  readonly onError?: (error: unknown) => void;
}

export interface Lease extends AsyncDisposable {
  start(): void;
  /** True while this replica may act. */
  readonly held: boolean;
}

/** Makes the lease; dispose it to give it up at once. */
export function createLease(options: LeaseOptions): Lease {
  return new RenewedLease(options);
}

class RenewedLease implements Lease {
  readonly #options: LeaseOptions;
  readonly #leases: ResourceClient<LeaseObject>;
  readonly #stop = new AbortController();
  readonly #durationMs: number;
  #running: Promise<void> | undefined;
  #held = false;
  /** Fires when our own hold is over, even while a request hangs. */
  #expiry: NodeJS.Timeout | undefined;
  /** Another holder's record and when we first saw it: clocks of two machines are never compared. */
  #observed: { readonly record: string; readonly atMs: number } | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#leases = options.client.resource(kinds.leases, options.namespace);
    this.#durationMs = Math.max(1_000, options.durationMs ?? 15_000);
  }

  get held(): boolean {
    return this.#held;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (!this.#held) return;
    this.#lose();
    await this.#release().catch((error: unknown) => this.#options.onError?.(error));
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const startedAtMs = performance.now();
      const outcome = await this.#tryRenew();
      if (outcome === 'held') this.#hold(startedAtMs);
      if (outcome === 'taken') this.#lose();
      await sleep(this.#options.renewEveryMs ?? 2_000, signal);
    }
  }

  /** "taken": another holder is alive. "unknown": the API refused or was away; our hold runs on until it expires. */
  async #tryRenew(): Promise<'held' | 'taken' | 'unknown'> {
    try {
      const present = await this.#leases.get(this.#options.name);
      if (present === undefined) await this.#leases.create(this.#claim());
      else if (this.#mayTake(present.spec ?? {})) await this.#leases.replace(this.#renewal(present));
      else return 'taken';
      return 'held';
    } catch (error) {
      if (!isRefusal(error, 'Conflict') && !isRefusal(error, 'AlreadyExists')) this.#options.onError?.(error);
      return 'unknown';
    }
  }

  #mayTake({ holderIdentity = '', renewTime = '', leaseDurationSeconds = 0 }: LeaseSpec): boolean {
    if (holderIdentity === '' || holderIdentity === this.#options.identity) return true;
    const record = `${holderIdentity} ${renewTime}`;
    if (this.#observed?.record !== record) this.#observed = { record, atMs: performance.now() };
    return performance.now() - this.#observed.atMs > leaseDurationSeconds * 1_000;
  }

  #claim(): LeaseObject {
    const { name, namespace } = this.#options;
    return { metadata: { name, namespace }, spec: { ...this.#renewedSpec(), acquireTime: microTime() } };
  }

  #renewal(present: LeaseObject): LeaseObject {
    const { holderIdentity, leaseTransitions = 0 } = present.spec ?? {};
    if (holderIdentity === this.#options.identity) {
      return { ...present, spec: { ...present.spec, ...this.#renewedSpec() } };
    }
    const taken = { acquireTime: microTime(), leaseTransitions: leaseTransitions + 1 };
    return { ...present, spec: { ...this.#renewedSpec(), ...taken } };
  }

  #renewedSpec(): LeaseSpec {
    return {
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: Math.ceil(this.#durationMs / 1_000),
      renewTime: microTime(),
    };
  }

  async #release(): Promise<void> {
    const present = await this.#leases.get(this.#options.name);
    if (present?.spec?.holderIdentity !== this.#options.identity) return;
    await this.#leases.replace({ ...present, spec: { ...present.spec, holderIdentity: '' } });
  }

  /** Counted from before the request and shortened by a third, so we stop before anyone else may begin. */
  #hold(startedAtMs: number): void {
    clearTimeout(this.#expiry);
    const leftMs = startedAtMs + (this.#durationMs * 2) / 3 - performance.now();
    this.#expiry = setTimeout(() => this.#lose(), Math.max(0, leftMs));
    if (this.#held) return;
    this.#held = true;
    this.#options.onAcquired?.();
  }

  #lose(): void {
    clearTimeout(this.#expiry);
    if (!this.#held) return;
    this.#held = false;
    this.#options.onLost?.();
  }
}

/** Now as Kubernetes' MicroTime: RFC 3339 with microseconds. */
function microTime(): string {
  return new Date().toISOString().replace('Z', '000Z');
}
