/** The Kubernetes object as every room of the local cluster sees it. */

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** ObjectMeta as on the wire; times are RFC 3339 in UTC. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: unknown[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** A kind's place in the API, e.g. `{group: 'apps', resource: 'deployments'}`; the core group is ''. */
export interface ResourceKey {
  readonly group: string;
  readonly resource: string;
}

/** One object; `namespace` is '' for cluster-scoped kinds. */
export interface ObjectKey extends ResourceKey {
  readonly namespace: string;
  readonly name: string;
}
