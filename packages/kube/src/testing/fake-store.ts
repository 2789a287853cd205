/** FakeStore: objects with versions and a history that can be compacted. */

import { randomUUID } from 'node:crypto';
import type { GenericObject } from '../kube-object.ts';
import type { Target } from './parse-target.ts';

/** A change that a watch may still read. */
export interface StoredEvent {
  readonly version: number;
  readonly collection: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: GenericObject;
}

type Collection = Pick<Target, 'apiVersion' | 'namespace' | 'plural'>;

export class FakeStore {
  version = 1;
  /** Resuming below this version is refused. */
  compactedAt = 0;
  readonly #objects = new Map<string, { readonly collection: string; readonly object: GenericObject }>();
  #events: StoredEvent[] = [];
  readonly #listeners = new Set<(event: StoredEvent) => void>();

  get(target: Collection, name: string): GenericObject | undefined {
    return this.#objects.get(keyIn(target, name))?.object;
  }

  list(target: Collection): GenericObject[] {
    const collection = collectionOf(target);
    const found = [...this.#objects.values()].filter((entry) => entry.collection === collection);
    const inNamespace = found.filter(
      ({ object }) => target.namespace === undefined || object.metadata?.namespace === target.namespace,
    );
    return inNamespace.map(({ object }) => object);
  }

  /** Creates or replaces; gives uid, time and version. */
  put(target: Collection, object: GenericObject): GenericObject {
    const name = object.metadata?.name ?? '';
    const previous = this.get(target, name);
    this.version += 1;
    const stored: GenericObject = {
      ...object,
      metadata: {
        ...object.metadata,
        ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
        ...identify(object, previous),
        resourceVersion: String(this.version),
      },
    };
    const collection = collectionOf(target);
    this.#objects.set(keyIn(target, name), { collection, object: stored });
    this.#record(collection, previous === undefined ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  }

  remove(target: Collection, name: string): GenericObject | undefined {
    const present = this.get(target, name);
    if (present === undefined) return undefined;
    this.version += 1;
    this.#objects.delete(keyIn(target, name));
    const last = { ...present, metadata: { ...present.metadata, resourceVersion: String(this.version) } };
    this.#record(collectionOf(target), 'DELETED', last);
    return present;
  }

  eventsAfter(version: number): readonly StoredEvent[] {
    return this.#events.filter((event) => event.version > version);
  }

  compact(): void {
    this.version += 1;
    this.compactedAt = this.version;
    this.#events = [];
  }

  onEvent(listener: (event: StoredEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #record(collection: string, type: StoredEvent['type'], object: GenericObject): void {
    const event = { version: this.version, collection, type, object };
    this.#events.push(event);
    for (const listener of this.#listeners) listener(event);
  }
}

/** What an object keeps as long as it lives. */
function identify(
  { metadata = {} }: GenericObject,
  previous: GenericObject | undefined,
): { readonly uid: string; readonly creationTimestamp: string } {
  const { uid = randomUUID(), creationTimestamp = currentTime() } = previous?.metadata ?? {};
  return { uid, creationTimestamp: metadata.creationTimestamp ?? creationTimestamp };
}

/** Name of a collection over all namespaces. */
export function collectionOf({ apiVersion, plural }: Collection): string {
  return `${apiVersion}/${plural}`;
}

/** Whole seconds, as the real one tells them. */
function currentTime(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

function keyIn(target: Collection, name: string): string {
  return `${collectionOf(target)}/${target.namespace ?? ''}/${name}`;
}
