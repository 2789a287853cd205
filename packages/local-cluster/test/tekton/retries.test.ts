import { describe, expect, it } from 'vitest';
import { condition } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('retries', () => {
  const tekton = useTekton();

  it('run a failed task again, in a pod of its own, and know their number', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: second-try }
spec:
  pipelineSpec:
    tasks:
      - name: shaky
        retries: 2
        taskSpec: { steps: [{ name: s, image: "busybox:1", script: "test $(context.task.retry-count) = 1" }] }
`);
    const run = await tekton().finished('PipelineRun', 'second-try');
    expect(condition(run)?.status).toBe('True');
    const taskRun = await tekton().finished('TaskRun', 'second-try-shaky');
    expect(taskRun.status.retriesStatus).toMatchObject([
      { podName: 'second-try-shaky-pod', conditions: [{ status: 'False' }] },
    ]);
    expect(taskRun.status.podName).toBe('second-try-shaky-pod-retry1');
  });

  it('come to an end, and the last failure counts', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: always-bad }
spec:
  retries: 2
  taskSpec: { steps: [{ name: s, image: "busybox:1", script: "exit 4" }] }
`);
    const taskRun = await tekton().finished('TaskRun', 'always-bad');
    expect(condition(taskRun)?.message).toContain('exited with code 4');
    expect(taskRun.status.retriesStatus).toHaveLength(2);
  });
});
