/** failedStepsOf: the steps that ended badly, in the order of their tasks. Pure. */

import type { TaskRun } from '@tekton-dag/model';
import { runStateOf } from './run-state.ts';
import { taskNameOf } from './task-faults.ts';

export interface FailedStep {
  readonly task: string;
  readonly step: string;
  readonly exitCode: number;
  readonly pod: string | undefined;
  readonly container: string;
}

/** Only the first bad step of each failed TaskRun: Tekton skips the later ones, which then look failed too. */
export function failedStepsOf(taskRuns: readonly TaskRun[]): FailedStep[] {
  return taskRuns
    .filter(({ status }) => runStateOf(status?.conditions) === 'failed')
    .flatMap((taskRun) => firstFailedStep(taskRun) ?? []);
}

function firstFailedStep(taskRun: TaskRun): FailedStep | undefined {
  const { steps = [], podName } = taskRun.status ?? {};
  const bad = steps.find(({ terminated }) => (terminated?.exitCode ?? 0) !== 0);
  if (bad?.terminated === undefined) return undefined;
  const { name = '', container = `step-${name}`, terminated } = bad;
  return { task: taskNameOf(taskRun), step: name, exitCode: terminated.exitCode, pod: podName, container };
}
