import { describe, expect, it } from 'vitest';
import { condition, skippedTasksOf } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

const pipeline = (name: string): string => `
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: ${name} }
spec:
  pipelineSpec:
    tasks:
      - { name: slow, retries: 3, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "sleep 60" }, { name: t, image: "busybox:1", script: "true" }] } }
      - { name: next, runAfter: [slow], taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }
    finally: [{ name: clean, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }]
`;

describe('cancelling', () => {
  const tekton = useTekton();
  const isRunning = (run: { status: { [field: string]: unknown } }): boolean =>
    run.status.podName !== undefined;

  it('a TaskRun stops its step and skips the rest', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: stop-me }
spec: { taskSpec: { steps: [{ name: s, image: "busybox:1", script: "sleep 60" }, { name: t, image: "busybox:1", script: "true" }] } }
`);
    await tekton().until('TaskRun', 'stop-me', ({ status }) => JSON.stringify(status).includes('"running"'));
    await tekton().patchSpec('TaskRun', 'stop-me', { status: 'TaskRunCancelled' });
    const run = await tekton().finished('TaskRun', 'stop-me');
    expect(condition(run)).toMatchObject({ status: 'False', reason: 'TaskRunCancelled' });
    expect(run.status.steps).toMatchObject([
      { terminated: { reason: 'TaskRunCancelled' } },
      { terminated: { reason: 'TaskRunCancelled' } },
    ]);
    expect(run.status.completionTime).toBeDefined();
  });

  it('a PipelineRun ends it at once, without finally', async () => {
    await tekton().apply(pipeline('cancelled'));
    await tekton().until('TaskRun', 'cancelled-slow', isRunning);
    await tekton().patchSpec('PipelineRun', 'cancelled', { status: 'Cancelled' });
    const run = await tekton().finished('PipelineRun', 'cancelled');
    expect(condition(run)).toMatchObject({
      reason: 'Cancelled',
      message: 'PipelineRun "cancelled" was cancelled',
    });
    expect(condition(await tekton().finished('TaskRun', 'cancelled-slow'))?.reason).toBe('TaskRunCancelled');
    expect(await tekton().get('TaskRun', 'cancelled-clean')).toBeUndefined();
  });

  it('a PipelineRun with CancelledRunFinally runs finally first', async () => {
    await tekton().apply(pipeline('graceful'));
    await tekton().until('TaskRun', 'graceful-slow', isRunning);
    await tekton().patchSpec('PipelineRun', 'graceful', { status: 'CancelledRunFinally' });
    const run = await tekton().finished('PipelineRun', 'graceful');
    expect(condition(run)?.reason).toBe('Cancelled');
    expect(condition(await tekton().finished('TaskRun', 'graceful-clean'))?.status).toBe('True');
    expect(skippedTasksOf(run)).toHaveProperty('next');
  });

  it('a PipelineRun with StoppedRunFinally lets what runs end, then runs finally', async () => {
    await tekton().apply(`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: signals }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: stopped }
spec:
  workspaces: [{ name: signals, persistentVolumeClaim: { claimName: signals } }]
  pipelineSpec:
    workspaces: [{ name: signals }]
    tasks:
      - name: slow
        workspaces: [{ name: signals }]
        taskSpec:
          workspaces: [{ name: signals }]
          steps: [{ name: s, image: "busybox:1", script: "until [ -e $(workspaces.signals.path)/end ]; do sleep 0.1; done" }]
      - { name: next, runAfter: [slow], taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }
    finally: [{ name: clean, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }]
`);
    await tekton().until('TaskRun', 'stopped-slow', isRunning);
    await tekton().patchSpec('PipelineRun', 'stopped', { status: 'StoppedRunFinally' });
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: end-slow }
spec:
  workspaces: [{ name: signals, persistentVolumeClaim: { claimName: signals } }]
  taskSpec:
    workspaces: [{ name: signals }]
    steps: [{ name: s, image: "busybox:1", script: "touch $(workspaces.signals.path)/end" }]
`);
    const run = await tekton().finished('PipelineRun', 'stopped');
    expect(condition(run)?.reason).toBe('Cancelled');
    expect(condition(await tekton().finished('TaskRun', 'stopped-slow'))?.status).toBe('True');
    expect(skippedTasksOf(run)).toEqual({ next: 'PipelineRun was gracefully stopped' });
    expect(condition(await tekton().finished('TaskRun', 'stopped-clean'))?.status).toBe('True');
  });

  it('by deleting the TaskRun ends its pod too', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: delete-me }
spec: { taskSpec: { steps: [{ name: s, image: "busybox:1", script: "sleep 60" }] } }
`);
    await tekton().until('TaskRun', 'delete-me', isRunning);
    await tekton().remove('TaskRun', 'delete-me');
    await tekton().gone('TaskRun', 'delete-me');
    // The pod goes when its processes have gone, long before they would have ended by themselves.
    await tekton().gone('Pod', 'delete-me-pod');
  });

  it('is not needed for a pending PipelineRun, which waits until its status is cleared', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: later }
spec:
  status: PipelineRunPending
  pipelineSpec: { tasks: [{ name: one, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }] }
`);
    const waiting = await tekton().until('PipelineRun', 'later', (run) => condition(run) !== undefined);
    expect(condition(waiting)).toMatchObject({ status: 'Unknown', reason: 'PipelineRunPending' });
    expect(waiting.status.startTime).toBeUndefined();
    await tekton().patchSpec('PipelineRun', 'later', { status: '' });
    expect(condition(await tekton().finished('PipelineRun', 'later'))?.status).toBe('True');
  });
});
