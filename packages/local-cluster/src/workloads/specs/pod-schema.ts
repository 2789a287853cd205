/** The Pod as users write it (Kubernetes API reference, core/v1). Fields that the local cluster only stores are unknown here. */

import { z } from 'zod';
import { INT_OR_STRING } from './open-api-schema.ts';

const stored = z.unknown();
const intOrString = z.union([z.int(), z.string()]).meta(INT_OR_STRING);
const quantity = z.union([z.number(), z.string()]).meta(INT_OR_STRING);
const port = z.int().min(1).max(65_535);
const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/,
    'must consist of lower case alphanumeric characters or "-"',
  );
const stringMap = z.record(z.string(), z.string());

const keySelector = z.object({
  name: z.string().optional(),
  key: z.string().describe('The key to select.'),
  optional: z.boolean().optional(),
});
const fieldSelector = z.object({ apiVersion: z.string().optional(), fieldPath: z.string() });
const resourceSelector = z.object({
  containerName: z.string().optional(),
  resource: z.string(),
  divisor: quantity.optional(),
});

const envVar = z.object({
  name: z.string().min(1),
  value: z.string().optional().describe('Plain value; $(NAME) stands for an earlier variable.'),
  valueFrom: z
    .object({
      configMapKeyRef: keySelector.optional(),
      secretKeyRef: keySelector.optional(),
      fieldRef: fieldSelector.optional(),
      resourceFieldRef: resourceSelector.optional(),
    })
    .optional(),
});

const envFromSource = z.object({
  prefix: z.string().optional(),
  configMapRef: z.object({ name: z.string().optional(), optional: z.boolean().optional() }).optional(),
  secretRef: z.object({ name: z.string().optional(), optional: z.boolean().optional() }).optional(),
});

const httpGet = z.object({
  path: z.string().optional(),
  port: intOrString,
  host: z.string().optional(),
  scheme: z.enum(['HTTP', 'HTTPS']).optional(),
  httpHeaders: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});

const handler = {
  exec: z.object({ command: z.array(z.string()).optional() }).optional(),
  httpGet: httpGet.optional(),
  tcpSocket: z.object({ port: intOrString, host: z.string().optional() }).optional(),
};

const probe = z
  .object({
    ...handler,
    grpc: stored.optional(),
    initialDelaySeconds: z.int().min(0).optional(),
    periodSeconds: z.int().min(1).optional(),
    timeoutSeconds: z.int().min(1).optional(),
    successThreshold: z.int().min(1).optional(),
    failureThreshold: z.int().min(1).optional(),
    terminationGracePeriodSeconds: z.int().optional(),
  })
  .describe('How the health of a container is found out.');

const lifecycle = z
  .object({
    postStart: stored.optional(),
    preStop: z
      .object({
        exec: stored.optional(),
        httpGet: stored.optional(),
        tcpSocket: stored.optional(),
        sleep: z.object({ seconds: z.int().min(0) }).optional(),
      })
      .optional(),
    stopSignal: z.string().optional(),
  })
  .describe('What happens around the life of a container; of it only preStop.sleep has an effect here.');

const container = z.object({
  name: dnsLabel.describe('Name of the container, unique in the pod.'),
  image: z.string().optional().describe('Image of the local registry, or the name of a host tool chain.'),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  command: z.array(z.string()).optional().describe("Replaces the image's entry point."),
  args: z.array(z.string()).optional().describe("Replaces the image's arguments."),
  workingDir: z.string().optional(),
  env: z.array(envVar).optional(),
  envFrom: z.array(envFromSource).optional(),
  ports: z
    .array(
      z.object({
        name: z.string().max(15).optional(),
        containerPort: port,
        hostPort: z.int().optional(),
        hostIP: z.string().optional(),
        protocol: z.enum(['TCP', 'UDP', 'SCTP']).optional(),
      }),
    )
    .optional()
    .describe('Ports that the container serves; each is served at a host port of its own.'),
  resources: z
    .object({
      limits: z.record(z.string(), quantity).optional(),
      requests: z.record(z.string(), quantity).optional(),
      claims: stored.optional(),
    })
    .optional(),
  volumeMounts: z
    .array(
      z.object({
        name: z.string(),
        mountPath: z.string().min(1),
        subPath: z.string().optional(),
        subPathExpr: z.string().optional(),
        readOnly: z.boolean().optional(),
        mountPropagation: z.string().optional(),
        recursiveReadOnly: z.string().optional(),
      }),
    )
    .optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  startupProbe: probe.optional(),
  lifecycle: lifecycle.optional(),
  restartPolicy: z.literal('Always').optional(),
  restartPolicyRules: stored.optional(),
  resizePolicy: stored.optional(),
  securityContext: stored.optional(),
  stdin: z.boolean().optional(),
  stdinOnce: z.boolean().optional(),
  tty: z.boolean().optional(),
  terminationMessagePath: z.string().optional(),
  terminationMessagePolicy: z.string().optional(),
  volumeDevices: stored.optional(),
});

const keyToPath = z.object({ key: z.string(), path: z.string(), mode: z.int().optional() });
const downwardFile = z.object({
  path: z.string(),
  fieldRef: fieldSelector.optional(),
  resourceFieldRef: resourceSelector.optional(),
  mode: z.int().optional(),
});
const nameSource = {
  name: z.string().optional(),
  items: z.array(keyToPath).optional(),
  optional: z.boolean().optional(),
};

const volume = z.object({
  name: dnsLabel,
  emptyDir: z.object({ medium: z.string().optional(), sizeLimit: quantity.optional() }).optional(),
  configMap: z.object({ ...nameSource, defaultMode: z.int().optional() }).optional(),
  secret: z
    .object({
      secretName: z.string().optional(),
      items: z.array(keyToPath).optional(),
      optional: z.boolean().optional(),
      defaultMode: z.int().optional(),
    })
    .optional(),
  downwardAPI: z
    .object({ items: z.array(downwardFile).optional(), defaultMode: z.int().optional() })
    .optional(),
  projected: z
    .object({
      sources: z
        .array(
          z.object({
            configMap: z.object(nameSource).optional(),
            secret: z.object(nameSource).optional(),
            downwardAPI: z.object({ items: z.array(downwardFile).optional() }).optional(),
            serviceAccountToken: stored.optional(),
            clusterTrustBundle: stored.optional(),
            podCertificate: stored.optional(),
          }),
        )
        .optional(),
      defaultMode: z.int().optional(),
    })
    .optional(),
  persistentVolumeClaim: z.object({ claimName: z.string(), readOnly: z.boolean().optional() }).optional(),
  hostPath: z.object({ path: z.string(), type: z.string().optional() }).optional(),
  ephemeral: stored.optional(),
  csi: stored.optional(),
  nfs: stored.optional(),
  image: stored.optional(),
});

/** PodSpec. */
export const podSpecSchema = z.object({
  containers: z
    .array(container)
    .min(1, 'Required value')
    .describe('The containers of the pod; at least one.'),
  initContainers: z.array(container).optional().describe('Run one after the other before the containers.'),
  ephemeralContainers: stored.optional(),
  volumes: z.array(volume).optional().describe('Directories and files that the containers can mount.'),
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).optional(),
  terminationGracePeriodSeconds: z.int().min(0).optional().describe('Seconds between SIGTERM and SIGKILL.'),
  activeDeadlineSeconds: z.int().min(1).optional(),
  serviceAccountName: z.string().optional(),
  serviceAccount: z.string().optional(),
  automountServiceAccountToken: z.boolean().optional(),
  nodeName: z.string().optional(),
  nodeSelector: stringMap.optional(),
  hostname: z.string().optional(),
  hostnameOverride: z.string().optional(),
  subdomain: z.string().optional(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  hostUsers: z.boolean().optional(),
  shareProcessNamespace: z.boolean().optional(),
  enableServiceLinks: z.boolean().optional(),
  readinessGates: z.array(z.object({ conditionType: z.string() })).optional(),
  dnsPolicy: z.string().optional(),
  dnsConfig: stored.optional(),
  hostAliases: stored.optional(),
  affinity: stored.optional(),
  tolerations: stored.optional(),
  topologySpreadConstraints: stored.optional(),
  securityContext: stored.optional(),
  imagePullSecrets: stored.optional(),
  schedulerName: z.string().optional(),
  schedulingGates: stored.optional(),
  priorityClassName: z.string().optional(),
  priority: z.int().optional(),
  preemptionPolicy: z.string().optional(),
  runtimeClassName: z.string().optional(),
  overhead: stored.optional(),
  setHostnameAsFQDN: z.boolean().optional(),
  os: stored.optional(),
  resourceClaims: stored.optional(),
  resources: stored.optional(),
  workloadRef: stored.optional(),
});

/** PodTemplateSpec; its metadata is checked where it becomes a pod. */
export const podTemplateSchema = z.object({
  metadata: z
    .looseObject({
      labels: stringMap.optional(),
      annotations: stringMap.optional(),
      name: z.string().optional(),
    })
    .optional(),
  spec: podSpecSchema,
});

export type PodSpec = z.infer<typeof podSpecSchema>;
export type PodTemplate = z.infer<typeof podTemplateSchema>;
export type Container = z.infer<typeof container>;
export type Probe = z.infer<typeof probe>;
export type EnvVar = z.infer<typeof envVar>;
export type Volume = z.infer<typeof volume>;
export type KeyToPath = z.infer<typeof keyToPath>;
export type DownwardFile = z.infer<typeof downwardFile>;
