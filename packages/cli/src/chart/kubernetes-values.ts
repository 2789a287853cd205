/** Parts of Kubernetes objects that values hold: what is wrong there is told before the cluster is asked. */

import { z } from 'zod';
import { objectName, quantity } from './values-text.ts';

const LABEL_KEY =
  /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

const key = z
  .string()
  .regex(LABEL_KEY, 'write name or prefix/name, each of letters, digits, "-", "_" and "."');

export const labels = z.record(
  key,
  z.string().regex(LABEL_VALUE, 'use letters, digits, "-", "_" and ".", at most 63 characters'),
);
export const annotations = z.record(key, z.string());

/** Secrets with credentials of registries. */
export const imagePullSecrets = z.array(z.strictObject({ name: objectName }));

const amounts = z.record(z.string(), quantity);
export const resources = z.strictObject({
  requests: amounts.exactOptional(),
  limits: amounts.exactOptional(),
  claims: z.array(z.looseObject({ name: z.string() })).exactOptional(),
});

export const tolerations = z.array(
  z.strictObject({
    key: z.string().exactOptional(),
    operator: z.enum(['Exists', 'Equal', 'Gt', 'Lt']).exactOptional(),
    value: z.string().exactOptional(),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).exactOptional(),
    tolerationSeconds: z.int().min(-1).max(2_147_483_647).exactOptional(),
  }),
);

export const affinity = z.strictObject({
  nodeAffinity: z.looseObject({}).exactOptional(),
  podAffinity: z.looseObject({}).exactOptional(),
  podAntiAffinity: z.looseObject({}).exactOptional(),
});

export const topologySpread = z.array(
  z.looseObject({
    maxSkew: z.int().min(1).max(1000),
    topologyKey: z.string().min(1),
    whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
  }),
);

export const environment = z.array(
  z.strictObject({
    name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'use letters, digits and "_"'),
    value: z.string().exactOptional(),
    valueFrom: z.looseObject({}).exactOptional(),
  }),
);

/** A volume has a name and one source. */
export const volumes = z.array(z.looseObject({ name: objectName }));
export const volumeMounts = z.array(z.looseObject({ name: objectName, mountPath: z.string().min(1) }));

const selector = z.strictObject({
  matchLabels: labels.exactOptional(),
  matchExpressions: z.array(z.looseObject({ key: z.string(), operator: z.string() })).exactOptional(),
});
const blocks = z.strictObject({ cidr: z.string().min(1), except: z.array(z.string()).exactOptional() });

/** Of a NetworkPolicy. */
export const peers = z.array(
  z.strictObject({
    podSelector: selector.exactOptional(),
    namespaceSelector: selector.exactOptional(),
    ipBlock: blocks.exactOptional(),
  }),
);
export const egressRules = z.array(
  z.strictObject({
    to: peers.exactOptional(),
    ports: z
      .array(
        z.strictObject({
          port: z.union([z.int().min(1).max(65_535), z.string()]).exactOptional(),
          endPort: z.int().min(1).max(65_535).exactOptional(),
          protocol: z.enum(['TCP', 'UDP', 'SCTP']).exactOptional(),
        }),
      )
      .exactOptional(),
  }),
);

/** Of a Gateway API route. */
export const parentRefs = z.array(
  z.strictObject({
    name: objectName,
    namespace: objectName.exactOptional(),
    group: z.string().exactOptional(),
    kind: z.string().exactOptional(),
    sectionName: z.string().exactOptional(),
    port: z.int().min(1).max(65_535).exactOptional(),
  }),
);
