/** TaskRun of Tekton v1 (docs: taskruns.md). */

import type { Condition } from './condition.ts';
import type { ResourceRequirements } from './container.ts';
import type { ObjectMeta } from './object-meta.ts';
import type { Param, ResultValue } from './param.ts';
import type { TaskRef } from './ref.ts';
import type { TaskSpec } from './task.ts';
import type { WorkspaceBinding } from './workspace.ts';

/** Fields of the pod that runs put their tasks in. */
export type PodTemplate = Readonly<Record<string, unknown>>;

export type StepSpecOverride = { readonly name: string; readonly computeResources: ResourceRequirements };

export type TaskRunSpec = {
  readonly params?: readonly Param[];
  readonly serviceAccountName?: string;
  readonly taskRef?: TaskRef;
  readonly taskSpec?: TaskSpec;
  readonly status?: 'TaskRunCancelled';
  readonly statusMessage?: string;
  readonly retries?: number;
  readonly timeout?: string;
  readonly podTemplate?: PodTemplate;
  readonly workspaces?: readonly WorkspaceBinding[];
  readonly stepSpecs?: readonly StepSpecOverride[];
  readonly sidecarSpecs?: readonly StepSpecOverride[];
  readonly computeResources?: ResourceRequirements;
  readonly managedBy?: string;
};

/** ContainerState of Kubernetes: exactly one field is set. */
export type ContainerState = {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly startedAt?: string;
    readonly finishedAt?: string;
    readonly containerID?: string;
  };
};

export type StepState = ContainerState & {
  readonly name?: string;
  readonly container?: string;
  readonly imageID?: string;
  readonly results?: readonly ResultValue[];
  readonly terminationReason?: string;
};

export type SidecarState = ContainerState & {
  readonly name?: string;
  readonly container?: string;
  readonly imageID?: string;
};

export type TaskRunStatus = {
  readonly conditions?: readonly Condition[];
  readonly observedGeneration?: number;
  readonly podName?: string;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly steps?: readonly StepState[];
  readonly sidecars?: readonly SidecarState[];
  readonly results?: readonly ResultValue[];
  readonly taskSpec?: TaskSpec;
  /** The statuses of earlier attempts, oldest first. */
  readonly retriesStatus?: readonly TaskRunStatus[];
  readonly provenance?: Readonly<Record<string, unknown>>;
};

export type TaskRun = {
  readonly apiVersion: 'tekton.dev/v1';
  readonly kind: 'TaskRun';
  readonly metadata: ObjectMeta;
  readonly spec: TaskRunSpec;
  readonly status?: TaskRunStatus;
};
