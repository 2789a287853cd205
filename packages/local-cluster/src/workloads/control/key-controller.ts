/** A controller that is told names, not events: it looks at the store and makes the world fit, again and again. */

import type { Log } from '../../contracts/cluster-context.ts';
import type { Controller } from '../../contracts/cluster-context.ts';
import type { KubeObject, ResourceKey } from '../../contracts/kube-object.ts';
import type { ObjectStore } from '../../contracts/object-store.ts';

/** `<namespace>/<name>`. */
export type NamespacedName = string;

export interface Source {
  readonly resource: ResourceKey;
  /** The objects that have to be looked at when this one changes. */
  readonly keysOf: (object: KubeObject) => readonly NamespacedName[];
}

export interface KeyControllerOptions {
  readonly name: string;
  readonly store: ObjectStore;
  readonly log: Log;
  readonly sources: readonly Source[];
  /** Must bear being called twice. A result asks to be called again after that time; a throw is retried later. */
  readonly reconcile: (key: NamespacedName) => void | number | Promise<void | number>;
  /** Awaited before every reconcile; must be quick when it is done already. */
  readonly prepare?: () => Promise<void>;
  /** Runs when the controller stops, after the last reconcile. */
  readonly finish?: () => Promise<void>;
}

const FIRST_RETRY_MS = 50;
const MAX_RETRY_MS = 30_000;

/** Reconciles one key at a time; changes of the same key while it waits count once. */
export function createKeyController(options: KeyControllerOptions): Controller {
  return new KeyController(options);
}

/** The key of an object. */
export function keyOf(object: KubeObject): NamespacedName {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

/** Namespace and name of a key. */
export function splitKey(key: NamespacedName): { readonly namespace: string; readonly name: string } {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}

/** The key of the object's controller when that is of this kind. */
export function ownerKeys(object: KubeObject, kind: string): readonly NamespacedName[] {
  const owner = object.metadata.ownerReferences?.find(
    (each) => each.controller === true && each.kind === kind,
  );
  return owner === undefined ? [] : [`${object.metadata.namespace ?? ''}/${owner.name}`];
}

class KeyController implements Controller {
  readonly name: string;
  readonly #options: KeyControllerOptions;
  readonly #queue = new Set<NamespacedName>();
  readonly #timers = new Map<NamespacedName, NodeJS.Timeout>();
  readonly #failures = new Map<NamespacedName, number>();
  readonly #unsubscribe: (() => void)[] = [];
  #working: Promise<void> | undefined;
  #draining = false;
  #stopped = false;

  constructor(options: KeyControllerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  start(): void {
    const { store, sources } = this.#options;
    for (const { resource, keysOf } of sources) {
      const listener = (object: KubeObject): void => keysOf(object).forEach((key) => this.#add(key));
      this.#unsubscribe.push(
        store.watch(resource, ({ object, previous }) => {
          listener(object);
          if (previous !== undefined) listener(previous);
        }),
      );
      store.list(resource).items.forEach(listener);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe.forEach((unsubscribe) => unsubscribe());
    this.#timers.forEach((timer) => clearTimeout(timer));
    await this.#working;
    await this.#options.finish?.();
  }

  #add(key: NamespacedName): void {
    if (this.#stopped) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#queue.add(key);
    if (this.#draining) return;
    this.#draining = true;
    this.#working = this.#drain();
  }

  async #drain(): Promise<void> {
    await Promise.resolve();
    for (let key = this.#next(); key !== undefined; key = this.#next()) await this.#reconcile(key);
    this.#draining = false;
  }

  #next(): NamespacedName | undefined {
    if (this.#stopped) return undefined;
    const [key] = this.#queue;
    if (key !== undefined) this.#queue.delete(key);
    return key;
  }

  async #reconcile(key: NamespacedName): Promise<void> {
    try {
      await this.#options.prepare?.();
      const againInMs = await this.#options.reconcile(key);
      this.#failures.delete(key);
      if (typeof againInMs === 'number') this.#later(key, againInMs);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      this.#options.log.error({ controller: this.name, key, error: String(error) }, 'reconcile failed');
      this.#later(key, Math.min(FIRST_RETRY_MS * 2 ** failures, MAX_RETRY_MS));
    }
  }

  #later(key: NamespacedName, delayMs: number): void {
    if (this.#stopped || this.#queue.has(key)) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.#add(key), delayMs),
    );
  }
}
