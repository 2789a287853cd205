/** Guards that tell Tekton objects apart by apiVersion and kind; the API server has validated the rest. */

import type { Pipeline } from './pipeline.ts';
import type { PipelineRun } from './pipeline-run.ts';
import type { StepAction, Task } from './task.ts';
import type { TaskRun } from './task-run.ts';

export const TEKTON_API_VERSION = 'tekton.dev/v1';

export function isTask(object: unknown): object is Task {
  return isTekton(object, 'Task');
}

export function isTaskRun(object: unknown): object is TaskRun {
  return isTekton(object, 'TaskRun');
}

export function isPipeline(object: unknown): object is Pipeline {
  return isTekton(object, 'Pipeline');
}

export function isPipelineRun(object: unknown): object is PipelineRun {
  return isTekton(object, 'PipelineRun');
}

/** StepActions are served as v1beta1 too. */
export function isStepAction(object: unknown): object is StepAction {
  return isTekton(object, 'StepAction', [TEKTON_API_VERSION, 'tekton.dev/v1beta1']);
}

function isTekton(object: unknown, kind: string, versions: readonly unknown[] = [TEKTON_API_VERSION]) {
  if (!isRecord(object) || !isRecord(object['spec']) || !isRecord(object['metadata'])) return false;
  return object['kind'] === kind && versions.includes(object['apiVersion']);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
