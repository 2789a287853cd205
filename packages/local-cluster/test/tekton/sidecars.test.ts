import { describe, expect, it } from 'vitest';
import { condition } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('sidecars', () => {
  const tekton = useTekton();

  it('run beside the steps and end after them', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: beside }
spec:
  taskSpec:
    volumes: [{ name: shared, emptyDir: {} }]
    sidecars:
      - name: writer
        image: busybox:1
        workingDir: /shared
        volumeMounts: [{ name: shared, mountPath: /shared }]
        script: "touch ready; while true; do sleep 0.1; done"
    steps:
      - name: wait
        image: busybox:1
        workingDir: /shared
        volumeMounts: [{ name: shared, mountPath: /shared }]
        script: "until [ -e ready ]; do sleep 0.05; done"
`);
    const run = await tekton().finished('TaskRun', 'beside');
    expect(condition(run)?.status).toBe('True');
    expect(run.status.sidecars).toMatchObject([{ name: 'writer', container: 'sidecar-writer' }]);
    await tekton().until('Pod', 'beside-pod', ({ status }) =>
      ['Succeeded', 'Failed'].includes(String(status['phase'])),
    );
  });
});
