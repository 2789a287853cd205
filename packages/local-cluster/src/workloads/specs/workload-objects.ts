/** The kinds of this room as the store holds them; what comes out of the store was checked when it went in. */

import type { KubeObject, ResourceKey } from '../../contracts/kube-object.ts';
import type { PodSpec } from './pod-schema.ts';
import type {
  DeploymentSpec,
  EndpointSliceFields,
  JobSpec,
  ReplicaSetSpec,
  ServiceSpec,
} from './workload-schemas.ts';

/** metav1.Condition and its older forms. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
  readonly lastUpdateTime?: string;
  readonly lastProbeTime?: string | null;
  readonly observedGeneration?: number;
}

/** core/v1 ContainerStateTerminated. */
export interface TerminatedState {
  readonly exitCode: number;
  readonly signal?: number;
  readonly reason: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly containerID?: string;
}

/** Exactly one of the three is set. */
export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt: string };
  readonly terminated?: TerminatedState;
}

export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly imageID: string;
  readonly containerID?: string;
  readonly ready: boolean;
  readonly started: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
}

export interface PodStatus {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly Condition[];
  readonly podIP?: string;
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly hostIP?: string;
  readonly hostIPs?: readonly { readonly ip: string }[];
  readonly startTime?: string;
  readonly qosClass?: string;
  readonly observedGeneration?: number;
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly conditions?: readonly Condition[];
}

export interface ReplicaSetStatus {
  readonly observedGeneration?: number;
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
}

export interface JobStatus {
  readonly active?: number;
  readonly ready?: number;
  readonly succeeded?: number;
  readonly failed?: number;
  readonly terminating?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly conditions?: readonly Condition[];
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status?: PodStatus;
}
export interface Deployment extends KubeObject {
  spec: DeploymentSpec;
  status?: DeploymentStatus;
}
export interface ReplicaSet extends KubeObject {
  spec: ReplicaSetSpec;
  status?: ReplicaSetStatus;
}
export interface Job extends KubeObject {
  spec: JobSpec;
  status?: JobStatus;
}
export interface Service extends KubeObject {
  spec: ServiceSpec;
}
export interface EndpointSlice extends KubeObject, EndpointSliceFields {}

/** The kinds' places in the API. */
export const PODS: ResourceKey = { group: '', resource: 'pods' };
export const SERVICES: ResourceKey = { group: '', resource: 'services' };
export const ENDPOINTS: ResourceKey = { group: '', resource: 'endpoints' };
export const ENDPOINT_SLICES: ResourceKey = { group: 'discovery.k8s.io', resource: 'endpointslices' };
export const DEPLOYMENTS: ResourceKey = { group: 'apps', resource: 'deployments' };
export const REPLICA_SETS: ResourceKey = { group: 'apps', resource: 'replicasets' };
export const JOBS: ResourceKey = { group: 'batch', resource: 'jobs' };

export const isPod = (object: KubeObject): object is Pod => object.kind === 'Pod';
export const isDeployment = (object: KubeObject): object is Deployment => object.kind === 'Deployment';
export const isReplicaSet = (object: KubeObject): object is ReplicaSet => object.kind === 'ReplicaSet';
export const isJob = (object: KubeObject): object is Job => object.kind === 'Job';
export const isService = (object: KubeObject): object is Service => object.kind === 'Service';
export const isEndpointSlice = (object: KubeObject): object is EndpointSlice =>
  object.kind === 'EndpointSlice';
