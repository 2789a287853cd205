/** Tekton v1 objects as on the wire, and what is pure about executing them. */

export type { Condition } from './condition.ts';
export type {
  ConfigMapVolumeSource,
  ContainerPort,
  CsiVolumeSource,
  EmptyDirVolumeSource,
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  PersistentVolumeClaimVolumeSource,
  Probe,
  ProjectedVolumeSource,
  ResourceRequirements,
  SecretVolumeSource,
  SecurityContext,
  Volume,
  VolumeMount,
} from './container.ts';
export type { ObjectMeta, OwnerReference } from './object-meta.ts';
export type {
  Param,
  ParamSpec,
  ParamType,
  ParamValue,
  PipelineResult,
  ResultValue,
  TaskResult,
} from './param.ts';
export type { EmbeddedTask, Matrix, Pipeline, PipelineSpec, PipelineTask } from './pipeline.ts';
export type {
  ChildReference,
  PipelineRun,
  PipelineRunSpec,
  PipelineRunSpecStatus,
  PipelineRunStatus,
  PipelineTaskRunSpec,
  PipelineTaskRunTemplate,
  SkippedTask,
  Timeouts,
} from './pipeline-run.ts';
export { collectReferences, referencesIn, type Reference } from './reference.ts';
export type { PipelineRef, ResolverRef, StepRef, TaskRef } from './ref.ts';
export {
  PIPELINE_OF_MODE,
  PIPELINE_SERVICE_ACCOUNT,
  renderPipelineRun,
  type PipelineRunRequest,
} from './render-pipeline-run.ts';
export { checkContinuable, type ContinueRefusal } from './check-continuable.ts';
export { PLANNED_PARAMS, renderContinuedRun, type ContinueOptions } from './render-continued-run.ts';
export { renderRepeatedRun, type RepeatOptions, type RepeatRefusal } from './render-repeated-run.ts';
export type { Sidecar, Step, StepTemplate } from './step.ts';
export {
  paramScope,
  substitute,
  substituteAll,
  substituteItems,
  substituteParamValue,
  type Substitution,
  type SubstitutionProblem,
  type SubstitutionScope,
} from './substitute.ts';
export type { StepAction, Task, TaskSpec } from './task.ts';
export type {
  ContainerState,
  PodTemplate,
  SidecarState,
  StepSpecOverride,
  StepState,
  TaskRun,
  TaskRunSpec,
  TaskRunStatus,
} from './task-run.ts';
export type { WhenExpression, WhenOperator } from './when.ts';
export type {
  PipelineWorkspaceDeclaration,
  WorkspaceBinding,
  WorkspaceDeclaration,
  WorkspacePipelineTaskBinding,
  WorkspaceUsage,
} from './workspace.ts';
