/** PipelineSpec of tekton.dev/v1: what a Pipeline, an embedded pipelineSpec and a PipelineRun's status hold. */

import { z } from 'zod';
import {
  paramSchema,
  paramSpecSchema,
  paramTypeSchema,
  paramValueSchema,
  type Param,
} from './param-value.ts';
import { taskSpecSchema } from './task-spec.ts';

/** Either a comparison (`input`, `operator`, `values`) or a CEL expression. */
const whenExpressionSchema = z.looseObject({
  input: z.string().optional(),
  operator: z.string().optional(),
  values: z.union([z.array(z.string()), z.string()]).optional(),
  cel: z.string().optional(),
});
export type WhenExpression = z.infer<typeof whenExpressionSchema>;

/** Fan-out: one TaskRun per combination of `params`, changed and added to by `include`. */
const matrixSchema = z.looseObject({
  params: z.array(paramSchema).optional(),
  include: z
    .array(z.looseObject({ name: z.string().optional(), params: z.array(paramSchema).optional() }))
    .optional(),
});
export type Matrix = z.infer<typeof matrixSchema>;

/** Where a task or pipeline is defined: by name in the namespace, or by what a resolver takes. */
export const definitionRefSchema = z.looseObject({
  name: z.string().optional(),
  kind: z.string().optional(),
  apiVersion: z.string().optional(),
  resolver: z.string().optional(),
  params: z.array(paramSchema).optional(),
});
export type DefinitionRef = z.infer<typeof definitionRefSchema>;

const workspacePipelineTaskBindingSchema = z.looseObject({
  name: z.string(),
  workspace: z.string().optional(),
  subPath: z.string().optional(),
});

const embeddedTaskSchema = z.looseObject({
  ...taskSpecSchema.shape,
  metadata: z
    .looseObject({
      labels: z.record(z.string(), z.string()).optional(),
      annotations: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});

const pipelineTaskSchema = z.looseObject({
  name: z.string(),
  displayName: z.string().optional(),
  description: z.string().optional(),
  taskRef: definitionRefSchema.optional(),
  taskSpec: embeddedTaskSchema.optional(),
  params: z.array(paramSchema).optional(),
  matrix: matrixSchema.optional(),
  when: z.array(whenExpressionSchema).optional(),
  runAfter: z.array(z.string()).optional(),
  retries: z.number().int().optional(),
  timeout: z.string().optional(),
  onError: z.string().optional(),
  workspaces: z.array(workspacePipelineTaskBindingSchema).optional(),
});
export type PipelineTask = z.infer<typeof pipelineTaskSchema>;

/** All params that a pipeline task passes to its task, those of its matrix among them. */
export function paramsGivenTo({ params = [], matrix = {} }: PipelineTask): Param[] {
  const included = (matrix.include ?? []).flatMap((include) => include.params ?? []);
  return [...params, ...(matrix.params ?? []), ...included];
}

const pipelineResultSchema = z.looseObject({
  name: z.string(),
  type: paramTypeSchema.optional(),
  description: z.string().optional(),
  value: paramValueSchema,
});
export type PipelineResult = z.infer<typeof pipelineResultSchema>;

export const pipelineSpecSchema = z.looseObject({
  displayName: z.string().optional(),
  description: z.string().optional(),
  params: z.array(paramSpecSchema).optional(),
  tasks: z.array(pipelineTaskSchema).optional(),
  finally: z.array(pipelineTaskSchema).optional(),
  workspaces: z
    .array(
      z.looseObject({
        name: z.string(),
        description: z.string().optional(),
        optional: z.boolean().optional(),
      }),
    )
    .optional(),
  results: z.array(pipelineResultSchema).optional(),
});
export type PipelineSpec = z.infer<typeof pipelineSpecSchema>;
