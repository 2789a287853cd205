/** ClusterObjectStore: the object store as the API of the cluster and its own controllers use it. */

import type { Result } from '@tekton-dag/model';
import type { KubeObject, ObjectKey, ResourceKey } from '../contracts/kube-object.ts';
import type { ObjectStore, StoreRefusal, WatchEvent } from '../contracts/object-store.ts';
import type { ResourceDefinition } from '../contracts/resource-definition.ts';

export type Outcome = Result<KubeObject, StoreRefusal>;
export type DeleteOptions = NonNullable<Parameters<ObjectStore['delete']>[1]>;

export interface WriteOptions {
  /** Validate and return what would be stored, and store nothing. */
  readonly dryRun?: boolean;
}

/** The store with what the API needs beyond the contract. */
export interface ClusterObjectStore extends ObjectStore {
  create(resource: ResourceKey, object: KubeObject, options?: WriteOptions): Outcome;
  update(resource: ResourceKey, object: KubeObject, options?: WriteOptions): Outcome;
  updateStatus(resource: ResourceKey, object: KubeObject, options?: WriteOptions): Outcome;
  delete(key: ObjectKey, options?: DeleteOptions & WriteOptions): Outcome;
  /** Changes after a resourceVersion, oldest first; Expired (410) when they are no longer known. */
  changesSince(resource: ResourceKey, version: number): Result<readonly WatchEvent[], StoreRefusal>;
  definitions(): readonly ResourceDefinition[];
  definitionOf(resource: ResourceKey): ResourceDefinition | undefined;
  /** Adds or replaces a kind, e.g. when a CustomResourceDefinition is made. */
  register(definition: ResourceDefinition): void;
  unregister(resource: ResourceKey): void;
  /** The resourceVersion of the newest change of all. */
  resourceVersion(): string;
  /** Finishes the deletions that a killed process began; call once, when every kind is registered. */
  finishDeletions(): void;
  close(): void;
}
