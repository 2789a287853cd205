/** Controller: calls `reconcile` for every key that changed, until it succeeds. */

import type { BackoffOptions } from './backoff.ts';
import { keyOf, type KubeObject } from './kube-object.ts';
import type { KeySource, Reflector } from './reflector.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

/** What a reconciliation may ask for. */
export interface ReconcileResult {
  /** Call again after this long though nothing changed. */
  readonly requeueAfterMs?: number | undefined;
}

export interface ControllerOptions {
  /** Started and disposed by the controller; their keys are what it works on. */
  readonly reflectors: readonly KeySource[];
  /** Level-triggered: reads the present state by key, also when the object is gone. A throw means: again later. */
  readonly reconcile: (key: string, signal: AbortSignal) => Promise<ReconcileResult | void>;
  /** Different keys at a time; one key is never in two hands. Default 1. */
  readonly concurrency?: number;
  readonly backoff?: BackoffOptions;
  readonly onError?: (error: unknown, key: string) => void;
}

export interface Controller extends AsyncDisposable {
  /** Starts the reflectors; work begins when all of them have synced. */
  start(): void;
  /** Asks for one key, e.g. from a timer. */
  enqueue(key: string): void;
  /** Keys that wait in line. */
  readonly queueLength: number;
}

/** Makes a controller; dispose it to end the work in hand and the reflectors. */
export function createController(options: ControllerOptions): Controller {
  return new QueueController(options);
}

/** A source that names other objects, e.g. each pod's owner; `keysOf` also sees deleted and former objects. */
export function mapKeys<T extends KubeObject>(
  reflector: Reflector<T>,
  keysOf: (object: T) => readonly string[],
): KeySource {
  return {
    start: () => reflector.start(),
    synced: reflector.synced,
    onKey: (listener) =>
      reflector.on((change) => {
        const before = change.type === 'modified' ? keysOf(change.previous) : [];
        for (const key of new Set([...before, ...keysOf(change.object)])) listener(key);
      }),
    [Symbol.asyncDispose]: () => reflector[Symbol.asyncDispose](),
  };
}

/** Keys of all objects that own `object` and are of `kind`, in its namespace. */
export function ownerKeys(object: KubeObject, kind: string): string[] {
  const { ownerReferences = [], namespace } = object.metadata ?? {};
  const owners = ownerReferences.filter((owner) => owner.kind === kind);
  return owners.map(({ name }) =>
    keyOf({ metadata: namespace === undefined ? { name } : { name, namespace } }),
  );
}

class QueueController implements Controller {
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue;
  readonly #stop = new AbortController();
  #running: Promise<unknown> | undefined;

  constructor(options: ControllerOptions) {
    this.#options = options;
    this.#queue = createWorkQueue(options.backoff);
  }

  get queueLength(): number {
    return this.#queue.length;
  }

  start(): void {
    if (this.#running !== undefined) return;
    for (const source of this.#options.reflectors) {
      source.onKey((key) => this.#queue.add(key));
      source.start();
    }
    this.#running = this.#run();
  }

  enqueue(key: string): void {
    this.#queue.add(key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#queue.close();
    await Promise.all(this.#options.reflectors.map((source) => source[Symbol.asyncDispose]()));
    await this.#running;
  }

  async #run(): Promise<void> {
    await Promise.all(this.#options.reflectors.map((source) => source.synced));
    const workers = Array.from({ length: this.#options.concurrency ?? 1 }, () => this.#work());
    await Promise.all(workers);
  }

  async #work(): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      await this.#reconcileOne(key);
      this.#queue.done(key);
    }
  }

  async #reconcileOne(key: string): Promise<void> {
    try {
      const result = await this.#options.reconcile(key, this.#stop.signal);
      this.#queue.forget(key);
      if (result?.requeueAfterMs !== undefined) this.#queue.addAfter(key, result.requeueAfterMs);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#options.onError?.(error, key);
      this.#queue.retry(key);
    }
  }
}
