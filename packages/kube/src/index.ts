/**
 * A thin Kubernetes client: configuration, verbs, watches, and what controllers need.
 * Start at `loadKubeConfig` and `createKubeClient`; `createReflector` keeps a live copy of a collection.
 */

export type { KubeConfig, KubeConfigFailure } from './config/kube-config.ts';
export { loadKubeConfig, type LoadKubeConfigOptions } from './config/load-kube-config.ts';
export { isRefusal, KubeError, KubeUnreachableError, type StatusDetails } from './kube-error.ts';
export { createKubeClient, type KubeClient } from './kube-client.ts';
export {
  keyOf,
  splitKey,
  type GenericObject,
  type KubeObject,
  type ObjectMeta,
  type OwnerReference,
} from './kube-object.ts';
export {
  apiVersionOf,
  kinds,
  type ConfigMap,
  type CustomResourceDefinition,
  type Deployment,
  type EndpointSlice,
  type Event,
  type Job,
  type Lease,
  type Namespace,
  type Node,
  type PersistentVolumeClaim,
  type Pod,
  type ReplicaSet,
  type ResourceCoordinates,
  type ResourceDefinition,
  type Secret,
  type Service,
  type ServiceAccount,
} from './kinds.ts';
export type {
  ApplyOptions,
  DeleteOptions,
  ListOptions,
  LogOptions,
  ObjectList,
  PatchOptions,
  ResourceClient,
  Selectors,
  WatchOptions,
} from './resource-client.ts';
export type { TransportOptions } from './transport.ts';
export type { WatchEvent } from './watch-event.ts';
export type { Wire } from './wire.ts';
export { createBackoff, type Backoff, type BackoffOptions } from './backoff.ts';
export {
  createController,
  mapKeys,
  ownerKeys,
  type Controller,
  type ControllerOptions,
  type ReconcileResult,
} from './controller.ts';
export { createLease, type Lease as LeaderLease, type LeaseOptions } from './lease.ts';
export type { CacheChange } from './object-cache.ts';
export { createReflector, type KeySource, type Reflector, type ReflectorOptions } from './reflector.ts';
export { retryOnConflict, type RetryOptions } from './retry-on-conflict.ts';
export { sleep } from './sleep.ts';
export { waitFor, waitForDeletion, type WaitFailure, type WaitOptions } from './wait-for.ts';
export { createWorkQueue, type WorkQueue } from './work-queue.ts';
