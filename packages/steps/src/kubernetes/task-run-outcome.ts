/** What a TaskRun came to; pure. */
import type { TaskRun } from '@tekton-dag/model';

export interface FailedTaskRun {
  readonly state: 'failed';
  /** The step that failed, where one did. */
  readonly step: string | undefined;
  readonly exitCode: number | undefined;
  readonly message: string;
}

export type TaskRunOutcome = { readonly state: 'running' | 'succeeded' } | FailedTaskRun;

const failureOf = ({ status }: TaskRun, message: string): FailedTaskRun => {
  const step = status?.steps?.find(({ terminated }) => terminated !== undefined && terminated.exitCode !== 0);
  return { state: 'failed', step: step?.name, exitCode: step?.terminated?.exitCode, message };
};

/** Reads the condition `Succeeded` and the states of the steps. */
export const readTaskRunOutcome = (taskRun: TaskRun): TaskRunOutcome => {
  const condition = taskRun.status?.conditions?.find(({ type }) => type === 'Succeeded');
  if (condition === undefined || condition.status === 'Unknown') return { state: 'running' };
  if (condition.status === 'True') return { state: 'succeeded' };
  return failureOf(taskRun, condition.message ?? condition.reason ?? '');
};

/** A string result, trimmed; undefined when there is none. */
export const readTaskRunResult = ({ status }: TaskRun, name: string): string | undefined => {
  const value = status?.results?.find((result) => result.name === name)?.value;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};
