/** Workspaces of Tekton v1 (docs: workspaces.md): declared by tasks and pipelines, bound by runs. */

import type { ObjectMeta } from './object-meta.ts';
import type {
  ConfigMapVolumeSource,
  CsiVolumeSource,
  EmptyDirVolumeSource,
  PersistentVolumeClaimVolumeSource,
  ProjectedVolumeSource,
  SecretVolumeSource,
} from './container.ts';

/** What a Task needs; without `mountPath` it is at `/workspace/<name>`. */
export type WorkspaceDeclaration = {
  readonly name: string;
  readonly description?: string;
  readonly mountPath?: string;
  readonly readOnly?: boolean;
  readonly optional?: boolean;
};

/** What a Pipeline needs. */
export type PipelineWorkspaceDeclaration = {
  readonly name: string;
  readonly description?: string;
  readonly optional?: boolean;
};

/** Which of the pipeline's workspaces a task gets; `workspace` defaults to `name`. */
export type WorkspacePipelineTaskBinding = {
  readonly name: string;
  readonly workspace?: string;
  readonly subPath?: string;
};

/** A step that asks for a workspace of its own (isolated workspaces). */
export type WorkspaceUsage = { readonly name: string; readonly mountPath?: string };

/** The volume behind a workspace; exactly one source is set. */
export type WorkspaceBinding = {
  readonly name: string;
  readonly subPath?: string;
  readonly volumeClaimTemplate?: {
    readonly metadata?: ObjectMeta;
    readonly spec?: Readonly<Record<string, unknown>>;
  };
  readonly persistentVolumeClaim?: PersistentVolumeClaimVolumeSource;
  readonly emptyDir?: EmptyDirVolumeSource;
  readonly configMap?: ConfigMapVolumeSource;
  readonly secret?: SecretVolumeSource;
  readonly projected?: ProjectedVolumeSource;
  readonly csi?: CsiVolumeSource;
};
