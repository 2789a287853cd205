/** What a TaskRun `build-app` came to; pure. */
import type { TaskRun } from '@tekton-dag/model';

export type BuildOutcome =
  | { readonly state: 'running' }
  | { readonly state: 'succeeded'; readonly digest: string }
  | {
      readonly state: 'failed';
      readonly step: string | undefined;
      readonly exitCode: number | undefined;
      readonly message: string;
    };

const failedStep = ({ status }: TaskRun): { name?: string; exitCode?: number } => {
  const step = status?.steps?.find(({ terminated }) => terminated !== undefined && terminated.exitCode !== 0);
  return {
    ...(step?.name === undefined ? {} : { name: step.name }),
    ...(step?.terminated === undefined ? {} : { exitCode: step.terminated.exitCode }),
  };
};

/** Reads the condition `Succeeded` and the result IMAGE_DIGEST. */
export const readBuildOutcome = (taskRun: TaskRun): BuildOutcome => {
  const condition = taskRun.status?.conditions?.find(({ type }) => type === 'Succeeded');
  if (condition === undefined || condition.status === 'Unknown') return { state: 'running' };
  const digest = taskRun.status?.results?.find(({ name }) => name === 'IMAGE_DIGEST')?.value;
  if (condition.status === 'True' && typeof digest === 'string' && digest !== '') {
    return { state: 'succeeded', digest: digest.trim() };
  }
  const { name, exitCode } = failedStep(taskRun);
  const message =
    condition.status === 'True'
      ? 'it has no result IMAGE_DIGEST'
      : (condition.message ?? condition.reason ?? '');
  return { state: 'failed', step: name, exitCode, message };
};
