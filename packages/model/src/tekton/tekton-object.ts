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
  if (typeof object !== 'object' || object === null) return false;
  if (!('kind' in object && 'apiVersion' in object && 'spec' in object && 'metadata' in object)) return false;
  const { spec, metadata } = object;
  const whole =
    typeof spec === 'object' && spec !== null && typeof metadata === 'object' && metadata !== null;
  return whole && object.kind === kind && versions.includes(object.apiVersion);
}
