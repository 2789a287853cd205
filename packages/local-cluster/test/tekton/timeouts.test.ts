import { describe, expect, it } from 'vitest';
import { condition, skippedTasksOf } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

const SLOW = '{ steps: [{ name: s, image: "busybox:1", script: "sleep 60" }] }';
const TRUE = '{ steps: [{ name: s, image: "busybox:1", script: "true" }] }';

describe('timeouts', () => {
  const tekton = useTekton();

  it('stop a TaskRun', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: slow }
spec: { timeout: 1s, taskSpec: ${SLOW} }
`);
    const run = await tekton().finished('TaskRun', 'slow');
    expect(condition(run)).toMatchObject({
      status: 'False',
      reason: 'TaskRunTimeout',
      message: expect.stringContaining('TaskRun "slow" failed to finish within "1s"'),
    });
  });

  it('of the whole pipeline stop its tasks', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: slow-run }
spec: { timeouts: { pipeline: 2s }, pipelineSpec: { tasks: [{ name: slow, taskSpec: ${SLOW} }] } }
`);
    const run = await tekton().finished('PipelineRun', 'slow-run');
    expect(condition(run)).toMatchObject({
      status: 'False',
      reason: 'PipelineRunTimeout',
      message: 'PipelineRun "slow-run" failed to finish within "2s"',
    });
    for (const { metadata } of await tekton().list('TaskRun', 'tekton.dev/pipelineRun=slow-run')) {
      expect(condition(await tekton().finished('TaskRun', metadata.name))?.reason).toBe('TaskRunCancelled');
    }
  });

  it('of the tasks leave time for finally', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: tasks-slow }
spec:
  timeouts: { tasks: 300ms }
  pipelineSpec:
    tasks:
      - { name: slow, taskSpec: ${SLOW} }
      - { name: next, runAfter: [slow], taskSpec: ${TRUE} }
    finally: [{ name: clean, taskSpec: ${TRUE} }]
`);
    const run = await tekton().finished('PipelineRun', 'tasks-slow');
    expect(condition(run)?.reason).toBe('PipelineRunTimeout');
    expect(condition(await tekton().finished('TaskRun', 'tasks-slow-clean'))?.status).toBe('True');
    expect(skippedTasksOf(run)).toHaveProperty('next');
  });

  it('of one pipeline task fail the run', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: one-slow }
spec: { pipelineSpec: { tasks: [{ name: slow, timeout: 1s, taskSpec: ${SLOW} }] } }
`);
    expect(condition(await tekton().finished('PipelineRun', 'one-slow'))?.reason).toBe('Failed');
    expect(condition(await tekton().finished('TaskRun', 'one-slow-slow'))?.reason).toBe('TaskRunTimeout');
  });
});
