/** Specs and statuses of TaskRun and PipelineRun, tekton.dev/v1, as far as the engine reads them back. */

import { z } from 'zod';
import { paramSchema, paramTypeSchema, paramValueSchema } from './param-value.ts';
import { definitionRefSchema, pipelineSpecSchema } from './pipeline-spec.ts';
import { taskSpecSchema } from './task-spec.ts';
import { envVarSchema, volumeSchema, workspaceBindingSchema } from './volume-spec.ts';

const conditionSchema = z.looseObject({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTransitionTime: z.string().optional(),
});
export type Condition = z.infer<typeof conditionSchema>;

const podTemplateSchema = z.looseObject({
  env: z.array(envVarSchema).optional(),
  volumes: z.array(volumeSchema).optional(),
  automountServiceAccountToken: z.boolean().optional(),
});
export type PodTemplate = z.infer<typeof podTemplateSchema>;

const runResultSchema = z.looseObject({
  name: z.string(),
  type: paramTypeSchema.optional(),
  value: paramValueSchema,
});
export type RunResult = z.infer<typeof runResultSchema>;

const stepOverrideSchema = z.looseObject({ name: z.string() });

export const taskRunSpecSchema = z.looseObject({
  params: z.array(paramSchema).optional(),
  taskRef: definitionRefSchema.optional(),
  taskSpec: taskSpecSchema.optional(),
  serviceAccountName: z.string().optional(),
  status: z.string().optional(),
  statusMessage: z.string().optional(),
  timeout: z.string().optional(),
  retries: z.number().int().optional(),
  podTemplate: podTemplateSchema.optional(),
  workspaces: z.array(workspaceBindingSchema).optional(),
  stepSpecs: z.array(stepOverrideSchema).optional(),
  sidecarSpecs: z.array(stepOverrideSchema).optional(),
});
export type TaskRunSpec = z.infer<typeof taskRunSpecSchema>;

export const taskRunStatusSchema = z.looseObject({
  conditions: z.array(conditionSchema).optional(),
  podName: z.string().optional(),
  startTime: z.string().optional(),
  completionTime: z.string().optional(),
  results: z.array(runResultSchema).optional(),
  retriesStatus: z.array(z.unknown()).optional(),
});
export type TaskRunStatus = z.infer<typeof taskRunStatusSchema>;

const pipelineTaskRunSpecSchema = z.looseObject({
  pipelineTaskName: z.string(),
  serviceAccountName: z.string().optional(),
  podTemplate: podTemplateSchema.optional(),
  timeout: z.string().optional(),
  stepSpecs: z.array(stepOverrideSchema).optional(),
  sidecarSpecs: z.array(stepOverrideSchema).optional(),
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});

export const pipelineRunSpecSchema = z.looseObject({
  pipelineRef: definitionRefSchema.optional(),
  pipelineSpec: pipelineSpecSchema.optional(),
  params: z.array(paramSchema).optional(),
  status: z.string().optional(),
  timeouts: z
    .looseObject({
      pipeline: z.string().optional(),
      tasks: z.string().optional(),
      finally: z.string().optional(),
    })
    .optional(),
  taskRunTemplate: z
    .looseObject({ serviceAccountName: z.string().optional(), podTemplate: podTemplateSchema.optional() })
    .optional(),
  taskRunSpecs: z.array(pipelineTaskRunSpecSchema).optional(),
  workspaces: z.array(workspaceBindingSchema).optional(),
});
export type PipelineRunSpec = z.infer<typeof pipelineRunSpecSchema>;

export const pipelineRunStatusSchema = z.looseObject({
  conditions: z.array(conditionSchema).optional(),
  startTime: z.string().optional(),
  completionTime: z.string().optional(),
  finallyStartTime: z.string().optional(),
  pipelineSpec: pipelineSpecSchema.optional(),
  childReferences: z.array(z.looseObject({ name: z.string() })).optional(),
});
export type PipelineRunStatus = z.infer<typeof pipelineRunStatusSchema>;
