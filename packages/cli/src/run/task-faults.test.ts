import type { TaskRun } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { taskFaultsOf } from './task-faults.ts';

const taskRun = (reason: string, message: string, steps: readonly string[] = []): TaskRun => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'TaskRun',
  metadata: { name: 'r-verify', labels: { 'tekton.dev/pipelineTask': 'verify' } },
  spec: {},
  status: {
    conditions: [{ type: 'Succeeded', status: 'False', reason, message }],
    steps: steps.map((name) => ({ name, terminated: { exitCode: 1 } })),
  },
});

describe('taskFaultsOf', () => {
  it('says why a task failed when no step did', () => {
    expect(taskFaultsOf([taskRun('PodEvicted', 'the node is full', ['verify'])])).toEqual([
      { task: 'verify', message: 'PodEvicted: the node is full' },
    ]);
    expect(taskFaultsOf([taskRun('Failed', 'the pod cannot be made')])).toHaveLength(1);
  });

  it('leaves out what the steps tell better, and what did not fail', () => {
    const cancelled = taskRun('TaskRunCancelled', 'was cancelled');
    expect(taskFaultsOf([taskRun('StepFailed', '"step-verify" exited with code 1', ['verify'])])).toEqual([]);
    expect(taskFaultsOf([cancelled])).toEqual([]);
  });
});
