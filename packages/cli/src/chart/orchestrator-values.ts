/** orchestratorValues: the values of the service: its settings, secrets, store, ways in, and its pods. */

import { z } from 'zod';
import {
  affinity,
  annotations,
  environment,
  labels,
  parentRefs,
  resources,
  tolerations,
  topologySpread,
  volumeMounts,
  volumes,
} from './kubernetes-values.ts';
import { settingValues, tracingValues } from './setting-values.ts';
import {
  countOrPercent,
  objectName,
  objectNameOrEmpty,
  orEmpty,
  port,
  quantity,
  secretKey,
  secretKeyOrEmpty,
} from './values-text.ts';

const secretReference = { existingSecret: objectNameOrEmpty, key: secretKey };

const secrets = {
  webhook: z
    .strictObject({
      existingSecret: objectName,
      key: secretKey,
      nextKey: secretKeyOrEmpty,
      namedSecrets: objectNameOrEmpty,
    })
    .partial(),
  api: z
    .strictObject({
      existingSecret: objectName,
      key: secretKey,
      tokensSecret: objectNameOrEmpty,
      tokensKey: secretKey,
      tokenReview: z.boolean(),
    })
    .partial(),
  forges: z.strictObject(secretReference).partial(),
  eventSink: z.strictObject(secretReference).partial(),
};

const persistence = z.strictObject({
  enabled: z.boolean(),
  existingClaim: objectNameOrEmpty,
  size: quantity,
  storageClassName: objectNameOrEmpty,
  keep: z.boolean(),
});
const store = z.strictObject({
  sqlite: z.strictObject({ persistence: persistence.partial() }).partial(),
  postgres: z.strictObject({ ...secretReference, port }).partial(),
});

const path = z.string().regex(/^\/[!-~]*$/, 'write a path that begins with "/"');
const hostName = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const HOST_HINT = 'write a host name in lower case, such as ci.example.com';

const waysIn = {
  service: z
    .strictObject({ type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']), port, annotations })
    .partial(),
  ingress: z
    .strictObject({
      enabled: z.boolean(),
      className: objectNameOrEmpty,
      annotations,
      host: orEmpty(hostName, HOST_HINT),
      paths: z.array(path).min(1),
      tlsSecret: objectNameOrEmpty,
    })
    .partial(),
  httpRoute: z
    .strictObject({
      enabled: z.boolean(),
      parentRefs,
      hostnames: z.array(z.string().regex(hostName, HOST_HINT)),
      paths: z.array(path).min(1),
    })
    .partial(),
};

const replicaCount = z.int().min(0).max(1000);

const scale = {
  replicas: replicaCount,
  autoscaling: z
    .strictObject({
      enabled: z.boolean(),
      minReplicas: replicaCount.min(1),
      maxReplicas: replicaCount.min(1),
      targetCPUUtilizationPercentage: z.int().min(1).max(1000),
    })
    .partial(),
  podDisruptionBudget: z
    .strictObject({ enabled: z.boolean().nullable(), maxUnavailable: countOrPercent })
    .partial(),
  topologySpreadConstraints: topologySpread.nullable(),
};

const pod = {
  resources,
  terminationGracePeriodSeconds: z.int().min(0).max(3_600),
  drainSeconds: z.int().min(0).max(600),
  podLabels: labels,
  podAnnotations: annotations,
  priorityClassName: objectNameOrEmpty,
  nodeSelector: labels,
  tolerations,
  affinity,
  extraEnv: environment,
  extraVolumes: volumes,
  extraVolumeMounts: volumeMounts,
};

export const orchestratorValues = z
  .strictObject({
    enabled: z.boolean(),
    settings: settingValues,
    tracing: tracingValues,
    ...secrets,
    store: store.partial(),
    teamConfigMaps: z.strictObject({ namespace: objectNameOrEmpty, selector: z.string() }).partial(),
    ...waysIn,
    ...scale,
    ...pod,
  })
  .partial();
