/** ResourceClient: the verbs of the Kubernetes API on one kind, in one namespace or in all. */

import type { KubeObject } from './kube-object.ts';
import type { ResourceDefinition } from './kinds.ts';
import type { WatchEvent } from './watch-event.ts';

export interface Selectors {
  /** Kubernetes selector syntax, e.g. `tekton-dag.io/team=payments,app notin (x)`. */
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

export interface ListOptions<T> extends Selectors {
  /** Page size; all pages are read whatever it is. Default 500. */
  readonly limit?: number | undefined;
  /** Applied to each object as its page comes in, so that a long list need not be held whole. */
  readonly transform?: ((object: T) => T) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ObjectList<T> {
  readonly items: T[];
  /** Where a watch that continues this list starts. */
  readonly resourceVersion: string;
}

export interface PatchOptions {
  /** RFC 7386 merge patch, RFC 6902 JSON patch, or Kubernetes' strategic merge patch. */
  readonly type: 'merge' | 'json' | 'strategic';
  readonly subresource?: string;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take over fields that another manager owns. */
  readonly force?: boolean;
  /** The server answers what it would store, defaults included, and stores nothing. */
  readonly dryRun?: boolean;
  readonly subresource?: string;
}

export interface DeleteOptions {
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
  /** Delete only the object with this uid; another one of the same name stays (Conflict). */
  readonly uid?: string;
  readonly gracePeriodSeconds?: number;
}

export interface WatchOptions extends Selectors {
  /** Events after this version; absent: the present state first, as ADDED events. */
  readonly resourceVersion?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The server ends the watch after this long; the caller resumes. */
  readonly timeoutSeconds?: number | undefined;
  /** Ends the watch with KubeUnreachableError when not one byte came for this long: a dead socket says nothing. */
  readonly idleTimeoutMs?: number | undefined;
}

export interface LogOptions {
  readonly container?: string | undefined;
  readonly follow?: boolean | undefined;
  readonly tailLines?: number | undefined;
  readonly timestamps?: boolean | undefined;
  /** RFC 3339; lines from then on. The server counts in whole seconds. */
  readonly sinceTime?: string | undefined;
  /** Longer lines are cut, and what is cut is never held. */
  readonly maxLineLength?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** All methods throw KubeError when the API refuses and KubeUnreachableError when it cannot be reached. */
export interface ResourceClient<T extends KubeObject> {
  readonly definition: ResourceDefinition<T>;
  /** Undefined: all namespaces, or a cluster-scoped kind. */
  readonly namespace: string | undefined;
  /** Undefined when there is no such object. */
  get(name: string): Promise<T | undefined>;
  /** Follows pages; starts again without paging when the snapshot expires between two pages. */
  list(options?: ListOptions<T>): Promise<ObjectList<T>>;
  create(object: T): Promise<T>;
  /** Optimistic when `metadata.resourceVersion` is set: Conflict when someone was faster. */
  replace(object: T, options?: { readonly subresource?: string }): Promise<T>;
  patch(name: string, body: unknown, options: PatchOptions): Promise<T>;
  /** Server-side apply (KEP-555). */
  apply(object: T, options: ApplyOptions): Promise<T>;
  /** False when there was nothing to delete. */
  delete(name: string, options?: DeleteOptions): Promise<boolean>;
  deleteCollection(selectors: Selectors & Pick<DeleteOptions, 'propagation'>): Promise<void>;
  /** One watch, bookmarks on. Ends when the server ends it; throws KubeError 410 Expired when the version is too old. */
  watch(options?: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** Lines of a pod's container, without their ends. */
  logs(name: string, options?: LogOptions): AsyncIterable<string>;
}
