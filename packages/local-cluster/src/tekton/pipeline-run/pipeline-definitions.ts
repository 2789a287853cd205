/** What PipelineRuns refer to, as the engine looks it up. */

import type { Result } from '@tekton-dag/model';
import type { DefinitionRef, PipelineSpec } from '../specs/pipeline-spec.ts';
import type { TaskSpec } from '../specs/task-spec.ts';
import type { Adopted } from '../task-run/adopt-metadata.ts';

/** A pipeline with the labels and annotations that its runs get. */
export interface FoundPipeline extends Adopted {
  /** Empty for an embedded one. */
  readonly name: string;
  readonly spec: PipelineSpec;
}

/** Reads definitions from the cluster, or tells why they cannot be had. */
export interface Definitions {
  pipeline(ref: DefinitionRef): Result<FoundPipeline, string>;
  task(ref: DefinitionRef): Result<TaskSpec, string>;
}
