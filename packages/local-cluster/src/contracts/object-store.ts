/** The store that the API and every controller share: synchronous, durable before it returns, one writer. */

import type { Result } from '@tekton-dag/model';
import type { KubeObject, ObjectKey, ResourceKey } from './kube-object.ts';

/** Why the store refused; becomes a Kubernetes Status with this `reason` and HTTP `code`. */
export interface StoreRefusal {
  readonly reason: 'NotFound' | 'AlreadyExists' | 'Conflict' | 'Invalid' | 'Expired' | 'Forbidden';
  readonly code: 404 | 409 | 422 | 410 | 403;
  readonly message: string;
  readonly causes?: readonly { readonly field: string; readonly message: string }[];
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** The object before a MODIFIED; lets selector watches turn a change into ADDED or DELETED. */
  readonly previous?: KubeObject;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

/** Objects handed out are frozen; write by building a new one. */
export interface ObjectStore {
  get(key: ObjectKey): KubeObject | undefined;
  list(
    resource: ResourceKey,
    options?: ListOptions,
  ): { readonly items: readonly KubeObject[]; readonly resourceVersion: string };
  /** Sets uid, creationTimestamp, resourceVersion, generation; resolves generateName; runs defaulting and validation. */
  create(resource: ResourceKey, object: KubeObject): Result<KubeObject, StoreRefusal>;
  /** Replaces all but status. A resourceVersion in `object` is an optimistic lock. Generation moves when spec changes. */
  update(resource: ResourceKey, object: KubeObject): Result<KubeObject, StoreRefusal>;
  /** Replaces status alone (kinds with a status subresource). */
  updateStatus(resource: ResourceKey, object: KubeObject): Result<KubeObject, StoreRefusal>;
  /** Reads, changes, writes status in one turn; cannot conflict. `change` returns undefined for "leave it". */
  mutateStatus(
    key: ObjectKey,
    change: (object: KubeObject) => KubeObject | undefined,
  ): Result<KubeObject, StoreRefusal>;
  /** Honours finalizers and propagation (default Background); owned objects go by owner reference. */
  delete(
    key: ObjectKey,
    options?: {
      readonly propagation?: Propagation;
      readonly uid?: string;
      readonly resourceVersion?: string;
      /** 0 ends the waiting of a kind with `deletionGraceSeconds` at once: what its controller says when all has stopped. */
      readonly gracePeriodSeconds?: number;
    },
  ): Result<KubeObject, StoreRefusal>;
  /** Calls `listener` after each committed change, in order; returns the unsubscribe function. */
  watch(resource: ResourceKey, listener: (event: WatchEvent) => void): () => void;
}
