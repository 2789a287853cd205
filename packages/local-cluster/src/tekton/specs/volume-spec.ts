/** Volumes, workspace bindings and env of Tekton specs: the parts of core/v1 that the engine understands. */

import { z } from 'zod';

const keyToPathSchema = z.looseObject({ key: z.string(), path: z.string() });

const configMapSourceSchema = z.looseObject({
  name: z.string().optional(),
  items: z.array(keyToPathSchema).optional(),
  optional: z.boolean().optional(),
});

const secretSourceSchema = z.looseObject({
  secretName: z.string().optional(),
  /** Projected sources say `name` where a volume says `secretName`. */
  name: z.string().optional(),
  items: z.array(keyToPathSchema).optional(),
  optional: z.boolean().optional(),
});

const volumeSourceShape = {
  emptyDir: z.looseObject({}).optional(),
  configMap: configMapSourceSchema.optional(),
  secret: secretSourceSchema.optional(),
  persistentVolumeClaim: z.looseObject({ claimName: z.string() }).optional(),
  hostPath: z.looseObject({ path: z.string() }).optional(),
  projected: z
    .looseObject({
      sources: z.array(
        z.looseObject({ configMap: configMapSourceSchema.optional(), secret: secretSourceSchema.optional() }),
      ),
    })
    .optional(),
};

const volumeSourceSchema = z.looseObject(volumeSourceShape);
/** Exactly one source; the parts that volumes and workspace bindings share. */
export type VolumeSource = z.infer<typeof volumeSourceSchema>;

export const volumeSchema = z.looseObject({ name: z.string(), ...volumeSourceShape });

/** Where a workspace's files come from: exactly one source, and an optional sub-directory of it. */
export const workspaceBindingSchema = z.looseObject({
  name: z.string(),
  subPath: z.string().optional(),
  volumeClaimTemplate: z.looseObject({ metadata: z.looseObject({}).optional() }).optional(),
  ...volumeSourceShape,
});
export type WorkspaceBinding = z.infer<typeof workspaceBindingSchema>;

export const volumeMountSchema = z.looseObject({
  name: z.string(),
  mountPath: z.string(),
  subPath: z.string().optional(),
  readOnly: z.boolean().optional(),
});
export type VolumeMount = z.infer<typeof volumeMountSchema>;

const keySelectorSchema = z.looseObject({
  name: z.string().default(''),
  key: z.string(),
  optional: z.boolean().optional(),
});

export const envVarSchema = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .looseObject({
      configMapKeyRef: keySelectorSchema.optional(),
      secretKeyRef: keySelectorSchema.optional(),
      fieldRef: z.looseObject({ fieldPath: z.string() }).optional(),
    })
    .optional(),
});
export type EnvVar = z.infer<typeof envVarSchema>;

const envSourceSchema = z.looseObject({ name: z.string().default(''), optional: z.boolean().optional() });

export const envFromSchema = z.looseObject({
  prefix: z.string().optional(),
  configMapRef: envSourceSchema.optional(),
  secretRef: envSourceSchema.optional(),
});
export type EnvFrom = z.infer<typeof envFromSchema>;
