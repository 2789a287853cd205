/** Deployment, ReplicaSet, Job, Service, EndpointSlice and Endpoints as users write them (Kubernetes API reference). */

import { z } from 'zod';
import { INT_OR_STRING } from './open-api-schema.ts';
import { podTemplateSchema } from './pod-schema.ts';

const intOrString = z.union([z.int(), z.string()]).meta(INT_OR_STRING);
const stringMap = z.record(z.string(), z.string());
const replicas = z.int().min(0);

/** metav1.LabelSelector. */
const labelSelectorSchema = z.object({
  matchLabels: stringMap.optional(),
  matchExpressions: z
    .array(
      z.object({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});

export const deploymentSpecSchema = z.object({
  replicas: replicas.optional().describe('How many pods should run; 1 when left out.'),
  selector: labelSelectorSchema.describe('Which pods belong to the deployment; cannot be changed.'),
  template: podTemplateSchema.describe('What a new pod looks like.'),
  strategy: z
    .object({
      type: z.enum(['RollingUpdate', 'Recreate']).optional(),
      rollingUpdate: z
        .object({ maxSurge: intOrString.optional(), maxUnavailable: intOrString.optional() })
        .optional(),
    })
    .optional()
    .describe('How pods of an old template are replaced.'),
  minReadySeconds: z.int().min(0).optional(),
  revisionHistoryLimit: z.int().min(0).optional(),
  progressDeadlineSeconds: z.int().min(1).optional(),
  paused: z.boolean().optional(),
});

export const replicaSetSpecSchema = z.object({
  replicas: replicas.optional(),
  minReadySeconds: z.int().min(0).optional(),
  selector: labelSelectorSchema,
  template: podTemplateSchema,
});

export const jobSpecSchema = z.object({
  parallelism: replicas.optional().describe('How many pods may run at once.'),
  completions: replicas.optional().describe('How many pods must succeed.'),
  activeDeadlineSeconds: z.int().min(1).optional(),
  backoffLimit: z.int().min(0).optional().describe('How many failures are borne before the job fails.'),
  backoffLimitPerIndex: z.int().optional(),
  maxFailedIndexes: z.int().optional(),
  podFailurePolicy: z.unknown().optional(),
  successPolicy: z.unknown().optional(),
  podReplacementPolicy: z.string().optional(),
  managedBy: z.string().optional(),
  completionMode: z.enum(['NonIndexed', 'Indexed']).optional(),
  manualSelector: z.boolean().optional(),
  selector: labelSelectorSchema.optional(),
  suspend: z.boolean().optional(),
  template: podTemplateSchema,
  ttlSecondsAfterFinished: z.int().min(0).optional(),
});

export const serviceSpecSchema = z.object({
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).optional(),
  selector: stringMap.optional().describe('Labels of the pods that serve.'),
  ports: z
    .array(
      z.object({
        name: z.string().optional(),
        port: z.int().min(1).max(65_535),
        targetPort: intOrString.optional().describe('Number or name of the port of the pods.'),
        protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional(),
        appProtocol: z.string().optional(),
        nodePort: z.int().optional(),
      }),
    )
    .optional(),
  clusterIP: z.string().optional(),
  clusterIPs: z.array(z.string()).optional(),
  externalName: z.string().optional(),
  externalIPs: z.array(z.string()).optional(),
  externalTrafficPolicy: z.string().optional(),
  internalTrafficPolicy: z.string().optional(),
  trafficDistribution: z.string().optional(),
  healthCheckNodePort: z.int().optional(),
  ipFamilies: z.array(z.string()).optional(),
  ipFamilyPolicy: z.string().optional(),
  loadBalancerClass: z.string().optional(),
  loadBalancerIP: z.string().optional(),
  loadBalancerSourceRanges: z.array(z.string()).optional(),
  allocateLoadBalancerNodePorts: z.boolean().optional(),
  publishNotReadyAddresses: z.boolean().optional(),
  sessionAffinity: z.string().optional(),
  sessionAffinityConfig: z.unknown().optional(),
});

const objectReference = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  fieldPath: z.string().optional(),
});
const endpointPort = z.object({
  name: z.string().optional(),
  port: z.int().optional(),
  protocol: z.string().optional(),
  appProtocol: z.string().optional(),
});

/** discovery.k8s.io/v1; these fields are at the top of the object. */
export const endpointSliceSchema = z.object({
  addressType: z.enum(['IPv4', 'IPv6', 'FQDN']),
  endpoints: z.array(
    z.object({
      addresses: z.array(z.string()),
      conditions: z
        .object({
          ready: z.boolean().optional(),
          serving: z.boolean().optional(),
          terminating: z.boolean().optional(),
        })
        .optional(),
      targetRef: objectReference.optional(),
      nodeName: z.string().optional(),
      hostname: z.string().optional(),
      zone: z.string().optional(),
      hints: z.unknown().optional(),
      deprecatedTopology: z.unknown().optional(),
    }),
  ),
  ports: z.array(endpointPort).optional(),
});

const endpointAddress = z.object({
  ip: z.string(),
  hostname: z.string().optional(),
  nodeName: z.string().optional(),
  targetRef: objectReference.optional(),
});

/** core/v1 Endpoints; `subsets` is at the top of the object. */
export const endpointsSchema = z.object({
  subsets: z
    .array(
      z.object({
        addresses: z.array(endpointAddress).optional(),
        notReadyAddresses: z.array(endpointAddress).optional(),
        ports: z.array(endpointPort).optional(),
      }),
    )
    .optional(),
});

export type LabelSelector = z.infer<typeof labelSelectorSchema>;
export type DeploymentSpec = z.infer<typeof deploymentSpecSchema>;
export type ReplicaSetSpec = z.infer<typeof replicaSetSpecSchema>;
export type JobSpec = z.infer<typeof jobSpecSchema>;
export type ServiceSpec = z.infer<typeof serviceSpecSchema>;
export type EndpointSliceFields = z.infer<typeof endpointSliceSchema>;
