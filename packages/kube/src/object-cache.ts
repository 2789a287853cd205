/** ObjectCache: the objects that a reflector knows, and what changed with each event or list. */

import { keyOf, type KubeObject } from './kube-object.ts';

/** One change; `previous` is what the cache held before. */
export type CacheChange<T> =
  | { readonly type: 'added'; readonly key: string; readonly object: T }
  | { readonly type: 'modified'; readonly key: string; readonly object: T; readonly previous: T }
  | { readonly type: 'deleted'; readonly key: string; readonly object: T };

export class ObjectCache<T extends KubeObject> {
  readonly #objects = new Map<string, T>();

  items(): T[] {
    return [...this.#objects.values()];
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  /** Takes one watch event; nothing changes when the cache holds that version already. */
  apply(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T): CacheChange<T>[] {
    const key = keyOf(object);
    if (type === 'DELETED') return this.#remove(key, object);
    return this.#put(key, object);
  }

  /** Takes a whole list; what is not in it was deleted while nobody watched. */
  replaceAll(objects: readonly T[]): CacheChange<T>[] {
    const keys = new Set(objects.map((object) => keyOf(object)));
    const gone = [...this.#objects].filter(([key]) => !keys.has(key));
    const removed = gone.flatMap(([key, object]) => this.#remove(key, object));
    return [...removed, ...objects.flatMap((object) => this.#put(keyOf(object), object))];
  }

  #put(key: string, object: T): CacheChange<T>[] {
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    if (previous === undefined) return [{ type: 'added', key, object }];
    if (isSameVersion(previous, object)) return [];
    // Another uid under the same name: the deletion happened between two lists.
    if (previous.metadata?.uid !== object.metadata?.uid) {
      return [
        { type: 'deleted', key, object: previous },
        { type: 'added', key, object },
      ];
    }
    return [{ type: 'modified', key, object, previous }];
  }

  #remove(key: string, object: T): CacheChange<T>[] {
    return this.#objects.delete(key) ? [{ type: 'deleted', key, object }] : [];
  }
}

function isSameVersion(left: KubeObject, right: KubeObject): boolean {
  const version = left.metadata?.resourceVersion;
  return version !== undefined && version === right.metadata?.resourceVersion;
}
