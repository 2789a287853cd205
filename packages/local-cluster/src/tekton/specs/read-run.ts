/** Reads a stored Tekton object into its typed form, once per version of the object. */

import type { z } from 'zod';
import type { KubeObject } from '../../contracts/kube-object.ts';
import { pipelineSpecSchema, type PipelineSpec } from './pipeline-spec.ts';
import {
  pipelineRunSpecSchema,
  pipelineRunStatusSchema,
  taskRunSpecSchema,
  taskRunStatusSchema,
  type PipelineRunSpec,
  type PipelineRunStatus,
  type TaskRunSpec,
  type TaskRunStatus,
} from './run-spec.ts';
import { stepActionSpecSchema, taskSpecSchema, type StepActionSpec, type TaskSpec } from './task-spec.ts';

/** Name, namespace, uid and labels: what every decision about a run needs. */
export interface RunIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly creationTimestamp: string;
}

export interface TaskRun extends RunIdentity {
  readonly spec: TaskRunSpec;
  readonly status: TaskRunStatus;
}

export interface PipelineRun extends RunIdentity {
  readonly spec: PipelineRunSpec;
  readonly status: PipelineRunStatus;
}

export function identityOf(object: KubeObject): RunIdentity {
  const { name, namespace, uid, labels, annotations, creationTimestamp } = object.metadata;
  return {
    name: name ?? '',
    namespace: namespace ?? '',
    uid: uid ?? '',
    labels: labels ?? {},
    annotations: annotations ?? {},
    creationTimestamp: creationTimestamp ?? '',
  };
}

/** Stored objects are frozen and replaced on change, so an object is a safe key for what was read from it. */
function readOnce<T>(read: (object: KubeObject) => T): (object: KubeObject) => T {
  const known = new WeakMap<KubeObject, T>();
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const value = read(object);
    known.set(object, value);
    return value;
  };
}

/** A stored object was validated when it was written; one that no longer reads counts as empty. */
function readField<T>(schema: z.ZodType<T>, value: unknown, empty: T): T {
  const parsed = schema.safeParse(value ?? {});
  return parsed.success ? parsed.data : empty;
}

export const readTaskRun: (object: KubeObject) => TaskRun = readOnce((object) => ({
  ...identityOf(object),
  spec: readField(taskRunSpecSchema, object['spec'], {}),
  status: readField(taskRunStatusSchema, object['status'], {}),
}));

export const readPipelineRun: (object: KubeObject) => PipelineRun = readOnce((object) => ({
  ...identityOf(object),
  spec: readField(pipelineRunSpecSchema, object['spec'], {}),
  status: readField(pipelineRunStatusSchema, object['status'], {}),
}));

export const readTaskSpec: (object: KubeObject) => TaskSpec = readOnce((object) =>
  readField(taskSpecSchema, object['spec'], {}),
);

export const readPipelineSpec: (object: KubeObject) => PipelineSpec = readOnce((object) =>
  readField(pipelineSpecSchema, object['spec'], {}),
);

export const readStepActionSpec: (object: KubeObject) => StepActionSpec = readOnce((object) =>
  readField(stepActionSpecSchema, object['spec'], {}),
);
