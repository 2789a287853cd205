/** The kinds that this room owns, as the API and the store learn of them. */

import type { ResourceDefinition } from '../contracts/resource-definition.ts';
import { deploymentDefinition } from './definitions/deployment-definition.ts';
import { endpointsDefinition, endpointSliceDefinition } from './definitions/endpoint-definitions.ts';
import { jobDefinition } from './definitions/job-definition.ts';
import { podDefinition } from './definitions/pod-definition.ts';
import { replicaSetDefinition } from './definitions/replica-set-definition.ts';
import { serviceDefinition } from './definitions/service-definition.ts';

/** Pod, Service, Endpoints, EndpointSlice, Deployment, ReplicaSet, Job. */
export const workloadResources: readonly ResourceDefinition[] = [
  podDefinition,
  serviceDefinition,
  endpointsDefinition,
  endpointSliceDefinition,
  deploymentDefinition,
  replicaSetDefinition,
  jobDefinition,
];
