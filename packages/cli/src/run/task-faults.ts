/** taskFaultsOf: tasks that failed for another reason than a step's exit code. Pure. */

import { LABEL, type TaskRun } from '@tekton-dag/model';
import { runStateOf, succeededCondition } from './run-state.ts';

export interface TaskFault {
  readonly task: string;
  readonly message: string;
}

/** Reasons that only say that a step failed; the step itself says more (Tekton: taskruns.md, "Monitoring execution status"). */
const STEP_REASONS = new Set(['StepFailed', 'Failed']);

/** Such as a pod that was evicted, a timeout, a Task that does not exist. */
export function taskFaultsOf(taskRuns: readonly TaskRun[]): TaskFault[] {
  return taskRuns
    .filter(({ status }) => runStateOf(status?.conditions) === 'failed')
    .filter((taskRun) => !isStepFailure(taskRun))
    .map((taskRun) => ({ task: taskNameOf(taskRun), message: messageOf(taskRun) }));
}

function isStepFailure({ status }: TaskRun): boolean {
  const { reason = '' } = succeededCondition(status?.conditions) ?? {};
  return STEP_REASONS.has(reason) && (status?.steps ?? []).length > 0;
}

function messageOf({ status }: TaskRun): string {
  const { reason = 'Failed', message = 'no message' } = succeededCondition(status?.conditions) ?? {};
  return `${reason}: ${message}`;
}

/** `<task>` of the pipeline, or the TaskRun's own name with its app. */
export function taskNameOf({ metadata: { name = '', labels = {} } }: TaskRun): string {
  const { [LABEL.app]: app, 'tekton.dev/pipelineTask': task = name } = labels;
  return app === undefined ? task : `${task} (${app})`;
}
