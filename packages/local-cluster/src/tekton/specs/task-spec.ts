/** TaskSpec of tekton.dev/v1: what a Task, an embedded taskSpec and a TaskRun's status hold. */

import { z } from 'zod';
import { paramSchema, paramSpecSchema, paramTypeSchema, paramValueSchema } from './param-value.ts';
import { envFromSchema, envVarSchema, volumeMountSchema, volumeSchema } from './volume-spec.ts';

const resultSpecSchema = z.looseObject({
  name: z.string(),
  type: paramTypeSchema.optional(),
  description: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  /** Only for a result taken from a step's result: `$(steps.<name>.results.<name>)`. */
  value: paramValueSchema.optional(),
});
export type ResultSpec = z.infer<typeof resultSpecSchema>;

const containerShape = {
  image: z.string().optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  script: z.string().optional(),
  workingDir: z.string().optional(),
  env: z.array(envVarSchema).optional(),
  envFrom: z.array(envFromSchema).optional(),
  volumeMounts: z.array(volumeMountSchema).optional(),
};

const workspaceUsageSchema = z.looseObject({ name: z.string(), mountPath: z.string().optional() });

const stepSchema = z.looseObject({
  name: z.string().optional(),
  ...containerShape,
  timeout: z.string().optional(),
  onError: z.string().optional(),
  results: z.array(resultSpecSchema).optional(),
  ref: z
    .looseObject({
      name: z.string().optional(),
      resolver: z.string().optional(),
      params: z.array(paramSchema).optional(),
    })
    .optional(),
  params: z.array(paramSchema).optional(),
  workspaces: z.array(workspaceUsageSchema).optional(),
});
export type Step = z.infer<typeof stepSchema>;

const sidecarSchema = z.looseObject({
  name: z.string(),
  ...containerShape,
  workspaces: z.array(workspaceUsageSchema).optional(),
});
export type Sidecar = z.infer<typeof sidecarSchema>;

const workspaceDeclarationSchema = z.looseObject({
  name: z.string(),
  description: z.string().optional(),
  mountPath: z.string().optional(),
  readOnly: z.boolean().optional(),
  optional: z.boolean().optional(),
});
export type WorkspaceDeclaration = z.infer<typeof workspaceDeclarationSchema>;

export const taskSpecSchema = z.looseObject({
  displayName: z.string().optional(),
  description: z.string().optional(),
  params: z.array(paramSpecSchema).optional(),
  results: z.array(resultSpecSchema).optional(),
  steps: z.array(stepSchema).optional(),
  sidecars: z.array(sidecarSchema).optional(),
  stepTemplate: z.looseObject(containerShape).optional(),
  volumes: z.array(volumeSchema).optional(),
  workspaces: z.array(workspaceDeclarationSchema).optional(),
});
export type TaskSpec = z.infer<typeof taskSpecSchema>;

/** StepAction of tekton.dev/v1beta1: a step that tasks refer to by name. */
export const stepActionSpecSchema = z.looseObject({
  ...containerShape,
  params: z.array(paramSpecSchema).optional(),
  results: z.array(resultSpecSchema).optional(),
});
export type StepActionSpec = z.infer<typeof stepActionSpecSchema>;
