/** Reflector: a live copy of a collection, kept by list and watch through every kind of trouble. */

import { createBackoff, type Backoff, type BackoffOptions } from './backoff.ts';
import { KubeError } from './kube-error.ts';
import type { KubeObject } from './kube-object.ts';
import { ObjectCache, type CacheChange } from './object-cache.ts';
import type { ResourceClient, Selectors } from './resource-client.ts';
import { sleep } from './sleep.ts';

export interface ReflectorOptions<T extends KubeObject = KubeObject> extends Selectors {
  /** Of the list; default 500. */
  readonly pageSize?: number;
  /** A watch without a byte for this long is dead and resumed; default 120 000 (servers send bookmarks every minute). */
  readonly idleTimeoutMs?: number;
  /** The server is asked to end each watch after this long; default 290. */
  readonly watchTimeoutSeconds?: number;
  readonly backoff?: BackoffOptions;
  /** What is kept of each object; key, uid and version must stay. */
  readonly transform?: (object: T) => T;
  /** Told of every failure; the reflector goes on by itself after `retryInMs`. */
  readonly onError?: (error: unknown, retryInMs: number) => void;
}

/** What controllers need from a reflector, whatever its type. */
export interface KeySource extends AsyncDisposable {
  start(): void;
  readonly synced: Promise<void>;
  /** Calls the listener with the key of each change; returns the way to stop. */
  onKey(listener: (key: string) => void): () => void;
}

export interface Reflector<T extends KubeObject> extends KeySource {
  /** Resolves when the first list is in; never rejects, and resolves when the reflector is disposed before. */
  readonly synced: Promise<void>;
  readonly hasSynced: boolean;
  /** All objects, in no order; the array is a copy, the objects are shared: do not change them. */
  items(): T[];
  /** By `namespace/name`, or `name` for cluster-scoped kinds. */
  get(key: string): T | undefined;
  /** Lists again; resolves when a list that began after the call is in, or when the reflector is disposed. */
  refresh(): Promise<void>;
  /** Calls the listener with each change, in order; returns the way to stop. */
  on(listener: (change: CacheChange<T>) => void): () => void;
}

/** A short watch that said nothing is a failure in disguise, e.g. a proxy that hangs up. */
const HEALTHY_WATCH_MS = 1_000;

/** Lists in pages, then watches with bookmarks; resumes where it was, lists again after 410, retries for ever. */
export function createReflector<T extends KubeObject>(
  client: ResourceClient<T>,
  options: ReflectorOptions<T> = {},
): Reflector<T> {
  return new ListWatchReflector(client, options);
}

class ListWatchReflector<T extends KubeObject> implements Reflector<T> {
  readonly synced: Promise<void>;
  readonly #client: ResourceClient<T>;
  readonly #options: ReflectorOptions<T>;
  readonly #cache = new ObjectCache<T>();
  readonly #backoff: Backoff;
  readonly #stop = new AbortController();
  /** Ends what is under way, without stopping: somebody wants a new list. */
  #interrupt = new AbortController();
  #awaitingList: (() => void)[] = [];
  readonly #listeners = new Set<(change: CacheChange<T>) => void>();
  readonly #markSynced: () => void;
  #hasSynced = false;
  #running: Promise<void> | undefined;
  /** Where the next watch starts; undefined means list first. */
  #resourceVersion: string | undefined;

  constructor(client: ResourceClient<T>, options: ReflectorOptions<T>) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#client = client;
    this.#options = options;
    this.#backoff = createBackoff(options.backoff);
    this.synced = promise;
    this.#markSynced = resolve;
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  items(): T[] {
    return this.#cache.items();
  }

  get(key: string): T | undefined {
    return this.#cache.get(key);
  }

  refresh(): Promise<void> {
    if (this.#stop.signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaitingList.push(resolve);
    this.#interrupt.abort();
    return promise;
  }

  on(listener: (change: CacheChange<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onKey(listener: (key: string) => void): () => void {
    return this.on((change) => listener(change.key));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#markSynced();
    for (const resolve of this.#awaitingList.splice(0)) resolve();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#interrupt = new AbortController();
      const interrupted = this.#interrupt.signal;
      try {
        await this.#listAndWatch();
      } catch (error) {
        if (signal.aborted) return;
        if (interrupted.aborted) continue;
        if (isExpired(error)) this.#resourceVersion = undefined;
        await this.#pause(error);
      }
    }
  }

  async #listAndWatch(): Promise<void> {
    if (this.#resourceVersion === undefined || this.#awaitingList.length > 0) await this.#list();
    const startedAt = performance.now();
    const heard = await this.#watch();
    if (this.#signal().aborted) return;
    if (!heard && performance.now() - startedAt < HEALTHY_WATCH_MS) {
      await this.#pause(new Error('the watch ended at once'));
    }
  }

  async #list(): Promise<void> {
    const { labelSelector, fieldSelector, pageSize: limit, transform } = this.#options;
    const signal = this.#signal();
    const awaiting = this.#awaitingList.length;
    const list = await this.#client.list({ labelSelector, fieldSelector, limit, transform, signal });
    this.#publish(this.#cache.replaceAll(list.items));
    this.#resourceVersion = list.resourceVersion;
    this.#hasSynced = true;
    this.#markSynced();
    for (const resolve of this.#awaitingList.splice(0, awaiting)) resolve();
  }

  /** True when the watch said anything. */
  async #watch(): Promise<boolean> {
    const {
      labelSelector,
      fieldSelector,
      idleTimeoutMs = 120_000,
      watchTimeoutSeconds = 290,
      transform,
    } = this.#options;
    const events = this.#client.watch({
      labelSelector,
      fieldSelector,
      resourceVersion: this.#resourceVersion,
      signal: this.#signal(),
      timeoutSeconds: watchTimeoutSeconds,
      idleTimeoutMs,
    });
    let heard = false;
    for await (const event of events) {
      heard = true;
      this.#backoff.reset();
      if (event.type !== 'BOOKMARK') {
        this.#publish(this.#cache.apply(event.type, transform?.(event.object) ?? event.object));
      }
      this.#resourceVersion = event.object.metadata?.resourceVersion ?? this.#resourceVersion;
    }
    return heard;
  }

  async #pause(error: unknown): Promise<void> {
    const retryInMs = this.#backoff.next();
    this.#options.onError?.(error, retryInMs);
    await sleep(retryInMs, this.#signal());
  }

  #signal(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, this.#interrupt.signal]);
  }

  #publish(changes: readonly CacheChange<T>[]): void {
    for (const change of changes) {
      for (const listener of this.#listeners) listener(change);
    }
  }
}

/** Both the HTTP answer and the ERROR event say 410; etcd's compaction has reason Expired or Gone. */
function isExpired(error: unknown): boolean {
  return error instanceof KubeError && error.status === 410;
}
