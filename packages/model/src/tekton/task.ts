/** Task of Tekton v1 (docs: tasks.md) and StepAction (docs: stepactions.md). */

import type { Volume } from './container.ts';
import type { ObjectMeta } from './object-meta.ts';
import type { ParamSpec, TaskResult } from './param.ts';
import type { Sidecar, Step, StepTemplate } from './step.ts';
import type { WorkspaceDeclaration } from './workspace.ts';

export type TaskSpec = {
  readonly displayName?: string;
  readonly description?: string;
  readonly params?: readonly ParamSpec[];
  readonly results?: readonly TaskResult[];
  readonly workspaces?: readonly WorkspaceDeclaration[];
  readonly steps: readonly Step[];
  readonly stepTemplate?: StepTemplate;
  readonly sidecars?: readonly Sidecar[];
  readonly volumes?: readonly Volume[];
};

export type Task = {
  readonly apiVersion: 'tekton.dev/v1';
  readonly kind: 'Task';
  readonly metadata: ObjectMeta;
  readonly spec: TaskSpec;
};

export type StepAction = {
  readonly apiVersion: 'tekton.dev/v1' | 'tekton.dev/v1beta1';
  readonly kind: 'StepAction';
  readonly metadata: ObjectMeta;
  readonly spec: Pick<
    Step,
    'image' | 'command' | 'args' | 'env' | 'script' | 'workingDir' | 'securityContext' | 'volumeMounts'
  > & {
    readonly description?: string;
    readonly params?: readonly ParamSpec[];
    readonly results?: readonly TaskResult[];
  };
};
