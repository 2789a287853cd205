import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTestCluster } from '../cluster-fixture.ts';
import { endProcess, startClusterProcess } from '../start-cluster-process.ts';
import { describeLocally } from '../local-only.ts';
import { condition, tektonIn, type Seen } from './tekton-rig.ts';

describeLocally('a cluster that was killed and is started again', () => {
  const title = 'goes on with pipelines, and fails or retries the TaskRuns that were executing';
  it(title, { timeout: 180_000 }, async () => {
    const state = mkdtempSync(join(tmpdir(), 'tekton-restart-'));
    const first = await startClusterProcess(state);
    process.env['KUBECONFIG'] = first.kubeconfigPath;
    const tekton = tektonIn(await openTestCluster());
    await tekton.apply(`
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
    const hasPod = (run: Seen): boolean => run.status.podName !== undefined;
    await tekton.until('TaskRun', 'interrupted-slow', hasPod);
    await tekton.until('TaskRun', 'retried-slow', hasPod);
    await endProcess(first.child, 'SIGKILL');

    const second = await startClusterProcess(state, Number(new URL(first.apiUrl).port));
    try {
      const run = await tekton.finished('PipelineRun', 'interrupted');
      expect(condition(run)?.reason).toBe('Failed');
      const taskRun = await tekton.finished('TaskRun', 'interrupted-slow');
      expect(condition(taskRun)).toMatchObject({ status: 'False', reason: 'PodEvicted' });
      expect(condition(taskRun)?.message).toContain('cluster was stopped');
      expect(taskRun.status).toMatchObject({ steps: [{ terminated: { exitCode: 137 } }] });
      expect(condition(await tekton.finished('TaskRun', 'interrupted-clean'))?.status).toBe('True');
      expect(condition(await tekton.finished('PipelineRun', 'retried'))?.status).toBe('True');
    } finally {
      await endProcess(second.child, 'SIGTERM');
      delete process.env['KUBECONFIG'];
      rmSync(state, { recursive: true, force: true });
    }
  });
});
