/** Step, StepTemplate and Sidecar of Tekton v1 (docs: tasks.md "Defining Steps", "Specifying Sidecars"). */

import type {
  ContainerPort,
  EnvFromSource,
  EnvVar,
  Probe,
  ResourceRequirements,
  SecurityContext,
  VolumeMount,
} from './container.ts';
import type { Param, TaskResult } from './param.ts';
import type { StepRef } from './ref.ts';
import type { WhenExpression } from './when.ts';
import type { WorkspaceUsage } from './workspace.ts';

/** What every step starts from; a step's own fields win. */
export type StepTemplate = {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFromSource[];
  readonly volumeMounts?: readonly VolumeMount[];
  readonly imagePullPolicy?: string;
  readonly securityContext?: SecurityContext;
  readonly computeResources?: ResourceRequirements;
};

/** One program of a Task; steps of a Task run one after another in one pod. */
export type Step = StepTemplate & {
  readonly name?: string;
  readonly displayName?: string;
  /** Runs as a file; excludes `command`. Without a shebang it gets `#!/bin/sh` and `set -e`. */
  readonly script?: string;
  /** A Go duration such as `30s`. */
  readonly timeout?: string;
  readonly onError?: 'continue' | 'stopAndFail';
  readonly stdoutConfig?: { readonly path?: string };
  readonly stderrConfig?: { readonly path?: string };
  readonly ref?: StepRef;
  readonly params?: readonly Param[];
  readonly results?: readonly TaskResult[];
  readonly when?: readonly WhenExpression[];
  readonly workspaces?: readonly WorkspaceUsage[];
};

/** A container beside the steps, started before them and stopped after them. */
export type Sidecar = StepTemplate & {
  readonly name: string;
  readonly script?: string;
  readonly ports?: readonly ContainerPort[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly restartPolicy?: string;
  readonly workspaces?: readonly WorkspaceUsage[];
};
