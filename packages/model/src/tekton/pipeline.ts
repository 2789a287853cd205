/** Pipeline of Tekton v1 (docs: pipelines.md, matrix.md). */

import type { ObjectMeta } from './object-meta.ts';
import type { Param, ParamSpec, PipelineResult } from './param.ts';
import type { PipelineRef, TaskRef } from './ref.ts';
import type { TaskSpec } from './task.ts';
import type { WhenExpression } from './when.ts';
import type { PipelineWorkspaceDeclaration, WorkspacePipelineTaskBinding } from './workspace.ts';

/** Fans one pipeline task out: every combination of `params`, or the named sets of `include`. */
export type Matrix = {
  readonly params?: readonly Param[];
  readonly include?: readonly { readonly name?: string; readonly params?: readonly Param[] }[];
};

/** A task embedded in a pipeline; its metadata reaches the TaskRun. */
export type EmbeddedTask = TaskSpec & {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Pick<ObjectMeta, 'labels' | 'annotations'>;
};

/** One node of a pipeline's graph. */
export type PipelineTask = {
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly taskRef?: TaskRef;
  readonly taskSpec?: EmbeddedTask;
  readonly pipelineRef?: PipelineRef;
  readonly pipelineSpec?: PipelineSpec;
  readonly params?: readonly Param[];
  readonly matrix?: Matrix;
  readonly runAfter?: readonly string[];
  readonly when?: readonly WhenExpression[];
  readonly workspaces?: readonly WorkspacePipelineTaskBinding[];
  readonly retries?: number;
  /** A Go duration such as `1h30m`. */
  readonly timeout?: string;
  readonly onError?: 'continue' | 'stopAndFail';
};

export type PipelineSpec = {
  readonly displayName?: string;
  readonly description?: string;
  readonly params?: readonly ParamSpec[];
  readonly workspaces?: readonly PipelineWorkspaceDeclaration[];
  readonly results?: readonly PipelineResult[];
  readonly tasks: readonly PipelineTask[];
  readonly finally?: readonly PipelineTask[];
};

export type Pipeline = {
  readonly apiVersion: 'tekton.dev/v1';
  readonly kind: 'Pipeline';
  readonly metadata: ObjectMeta;
  readonly spec: PipelineSpec;
};
