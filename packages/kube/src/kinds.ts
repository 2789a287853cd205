/** kinds: where each kind lives in the API, with the type of its objects. */

import type {
  CoreV1Event,
  V1ConfigMap,
  V1CustomResourceDefinition,
  V1Deployment,
  V1EndpointSlice,
  V1Job,
  V1Lease,
  V1Namespace,
  V1Node,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1ServiceAccount,
} from '@kubernetes/client-node';
import type { GenericObject, KubeObject } from './kube-object.ts';
import type { Wire } from './wire.ts';

export type Pod = Wire<V1Pod>;
export type Service = Wire<V1Service>;
export type ConfigMap = Wire<V1ConfigMap>;
export type Secret = Wire<V1Secret>;
export type ServiceAccount = Wire<V1ServiceAccount>;
export type Namespace = Wire<V1Namespace>;
export type Node = Wire<V1Node>;
export type PersistentVolumeClaim = Wire<V1PersistentVolumeClaim>;
export type Event = Wire<CoreV1Event>;
export type Deployment = Wire<V1Deployment>;
export type ReplicaSet = Wire<V1ReplicaSet>;
export type Job = Wire<V1Job>;
export type EndpointSlice = Wire<V1EndpointSlice>;
export type Lease = Wire<V1Lease>;
export type CustomResourceDefinition = Wire<V1CustomResourceDefinition>;

/** A kind's coordinates; `group` is '' for the core group. */
export interface ResourceCoordinates {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Coordinates that know the type of their objects; `objectType` never has a value. */
export interface ResourceDefinition<T extends KubeObject = GenericObject> extends ResourceCoordinates {
  readonly objectType?: T;
}

function locate(apiVersion: string, plural: string, kind: string): ResourceCoordinates {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  return { group, version: apiVersion.slice(slash + 1), plural, kind, namespaced: true };
}

function define<T extends KubeObject>(
  apiVersion: string,
  plural: string,
  kind: string,
): ResourceDefinition<T> {
  return locate(apiVersion, plural, kind);
}

function defineClusterScoped<T extends KubeObject>(
  apiVersion: string,
  plural: string,
  kind: string,
): ResourceDefinition<T> {
  return { ...locate(apiVersion, plural, kind), namespaced: false };
}

/** Ready definitions. Tekton and Gateway API objects have no type here: name your own with `client.resource<T>(...)`. */
export const kinds = {
  pods: define<Pod>('v1', 'pods', 'Pod'),
  services: define<Service>('v1', 'services', 'Service'),
  configmaps: define<ConfigMap>('v1', 'configmaps', 'ConfigMap'),
  secrets: define<Secret>('v1', 'secrets', 'Secret'),
  serviceaccounts: define<ServiceAccount>('v1', 'serviceaccounts', 'ServiceAccount'),
  persistentvolumeclaims: define<PersistentVolumeClaim>(
    'v1',
    'persistentvolumeclaims',
    'PersistentVolumeClaim',
  ),
  events: define<Event>('v1', 'events', 'Event'),
  namespaces: defineClusterScoped<Namespace>('v1', 'namespaces', 'Namespace'),
  nodes: defineClusterScoped<Node>('v1', 'nodes', 'Node'),
  deployments: define<Deployment>('apps/v1', 'deployments', 'Deployment'),
  replicasets: define<ReplicaSet>('apps/v1', 'replicasets', 'ReplicaSet'),
  jobs: define<Job>('batch/v1', 'jobs', 'Job'),
  endpointslices: define<EndpointSlice>('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  leases: define<Lease>('coordination.k8s.io/v1', 'leases', 'Lease'),
  customresourcedefinitions: defineClusterScoped<CustomResourceDefinition>(
    'apiextensions.k8s.io/v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
  ),
  httproutes: locate('gateway.networking.k8s.io/v1', 'httproutes', 'HTTPRoute'),
  tasks: locate('tekton.dev/v1', 'tasks', 'Task'),
  taskruns: locate('tekton.dev/v1', 'taskruns', 'TaskRun'),
  pipelines: locate('tekton.dev/v1', 'pipelines', 'Pipeline'),
  pipelineruns: locate('tekton.dev/v1', 'pipelineruns', 'PipelineRun'),
} as const;

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(definition: ResourceCoordinates): string {
  return definition.group === '' ? definition.version : `${definition.group}/${definition.version}`;
}
