import { describe, expect, it } from 'vitest';
import { condition } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('an engine that is started again', () => {
  const tekton = useTekton();

  it('goes on with pipelines, and fails or retries the TaskRuns that were executing', async () => {
    tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: interrupted }
spec:
  pipelineSpec:
    tasks: [{ name: slow, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "sleep 60" }] } }]
    finally: [{ name: clean, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }]
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: retried }
spec:
  pipelineSpec:
    tasks:
      - name: slow
        retries: 1
        taskSpec: { steps: [{ name: s, image: "busybox:1", script: "test $(context.task.retry-count) = 1 || sleep 60" }] }
      - { name: next, runAfter: [slow], taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }
`);
    const hasPod = (run: { status: { [field: string]: unknown } }): boolean =>
      run.status['podName'] !== undefined;
    await tekton().until('TaskRun', 'interrupted-slow', hasPod);
    await tekton().until('TaskRun', 'retried-slow', hasPod);
    await tekton().crash();
    const run = await tekton().finished('PipelineRun', 'interrupted');
    expect(condition(run)?.reason).toBe('Failed');
    const taskRun = await tekton().finished('TaskRun', 'interrupted-slow');
    expect(condition(taskRun)).toMatchObject({ status: 'False', reason: 'PodEvicted' });
    expect(condition(taskRun)?.message).toContain('cluster was stopped');
    expect(condition(await tekton().finished('TaskRun', 'interrupted-clean'))?.status).toBe('True');
    expect(condition(await tekton().finished('PipelineRun', 'retried'))?.status).toBe('True');
  });
});
