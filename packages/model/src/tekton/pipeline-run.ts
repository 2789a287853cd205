/** PipelineRun of Tekton v1 (docs: pipelineruns.md). */

import type { Condition } from './condition.ts';
import type { ResourceRequirements } from './container.ts';
import type { ObjectMeta } from './object-meta.ts';
import type { Param, ResultValue } from './param.ts';
import type { PipelineSpec } from './pipeline.ts';
import type { PipelineRef } from './ref.ts';
import type { PodTemplate, StepSpecOverride } from './task-run.ts';
import type { WhenExpression } from './when.ts';
import type { WorkspaceBinding } from './workspace.ts';

/** What the user asks of a run; Pending holds it back, the others end it. */
export type PipelineRunSpecStatus =
  'Cancelled' | 'CancelledRunFinally' | 'StoppedRunFinally' | 'PipelineRunPending';

/** Go durations. */
export type Timeouts = { readonly pipeline?: string; readonly tasks?: string; readonly finally?: string };

export type PipelineTaskRunTemplate = {
  readonly serviceAccountName?: string;
  readonly podTemplate?: PodTemplate;
};

/** What one pipeline task's TaskRuns get other than the template says. */
export type PipelineTaskRunSpec = {
  readonly pipelineTaskName: string;
  readonly serviceAccountName?: string;
  readonly podTemplate?: PodTemplate;
  readonly stepSpecs?: readonly StepSpecOverride[];
  readonly sidecarSpecs?: readonly StepSpecOverride[];
  readonly metadata?: Pick<ObjectMeta, 'labels' | 'annotations'>;
  readonly computeResources?: ResourceRequirements;
  readonly timeout?: string;
};

export type PipelineRunSpec = {
  readonly pipelineRef?: PipelineRef;
  readonly pipelineSpec?: PipelineSpec;
  readonly params?: readonly Param[];
  readonly status?: PipelineRunSpecStatus;
  readonly timeouts?: Timeouts;
  readonly taskRunTemplate?: PipelineTaskRunTemplate;
  readonly taskRunSpecs?: readonly PipelineTaskRunSpec[];
  readonly workspaces?: readonly WorkspaceBinding[];
  readonly managedBy?: string;
};

/** A TaskRun that the run made. */
export type ChildReference = {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name: string;
  readonly displayName?: string;
  readonly pipelineTaskName?: string;
  readonly whenExpressions?: readonly WhenExpression[];
};

/** A pipeline task that did not run, and why, in Tekton's words. */
export type SkippedTask = {
  readonly name: string;
  readonly reason: string;
  readonly whenExpressions?: readonly WhenExpression[];
};

export type PipelineRunStatus = {
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly results?: readonly ResultValue[];
  readonly pipelineSpec?: PipelineSpec;
  readonly childReferences?: readonly ChildReference[];
  readonly skippedTasks?: readonly SkippedTask[];
  readonly finallyStartTime?: string;
  readonly provenance?: Readonly<Record<string, unknown>>;
};

export type PipelineRun = {
  readonly apiVersion: 'tekton.dev/v1';
  readonly kind: 'PipelineRun';
  readonly metadata: ObjectMeta;
  readonly spec: PipelineRunSpec;
  readonly status?: PipelineRunStatus;
};
