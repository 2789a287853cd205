import { describe, expect, it } from 'vitest';
import { condition } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('workspaces', () => {
  const tekton = useTekton();

  it('of every source hold their files', async () => {
    await tekton().apply(`
apiVersion: v1
kind: ConfigMap
metadata: { name: files }
data: { a.txt: from config map, b.txt: unused }
---
apiVersion: v1
kind: Secret
metadata: { name: key }
data: { id: c2VjcmV0 }
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: sources }
spec:
  workspaces:
    - { name: scratch, emptyDir: {} }
    - { name: config, configMap: { name: files, items: [{ key: a.txt, path: sub/a }] } }
    - { name: key, secret: { secretName: key } }
  taskSpec:
    workspaces: [{ name: scratch }, { name: config }, { name: key }, { name: absent, optional: true }]
    steps:
      - { name: write, image: "busybox:1", script: "echo kept > $(workspaces.scratch.path)/file" }
      - name: read
        image: busybox:1
        script: |
          cat $(workspaces.scratch.path)/file $(workspaces.config.path)/sub/a; echo
          ls $(workspaces.config.path)
          cat $(workspaces.key.path)/id; echo
          echo "$(workspaces.absent.bound) $(workspaces.key.bound) [$(workspaces.absent.path)]"
`);
    expect(condition(await tekton().finished('TaskRun', 'sources'))?.status).toBe('True');
    expect(await tekton().logs('sources', 'step-read')).toEqual([
      'kept',
      'from config map',
      'sub',
      'secret',
      'false true []',
    ]);
  });

  it('from a claim template are shared by the tasks of a run, each in its sub-path', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: shared }
spec:
  workspaces:
    - name: source
      volumeClaimTemplate: { spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }
  pipelineSpec:
    workspaces: [{ name: source }]
    tasks:
      - name: write
        workspaces: [{ name: out, workspace: source, subPath: part }]
        taskSpec: { workspaces: [{ name: out }], steps: [{ name: s, image: "busybox:1", script: "echo data > $(workspaces.out.path)/file" }] }
      - name: read
        runAfter: [write]
        workspaces: [{ name: in, workspace: source }]
        taskSpec: { workspaces: [{ name: in }], steps: [{ name: s, image: "busybox:1", script: "cat $(workspaces.in.path)/part/file" }] }
`);
    expect(condition(await tekton().finished('PipelineRun', 'shared'))?.status).toBe('True');
    expect(await tekton().logs('shared-read', 'step-s')).toEqual(['data']);
    const [claim] = await tekton().list('PersistentVolumeClaim');
    expect(claim?.metadata.ownerReferences).toMatchObject([{ kind: 'PipelineRun', name: 'shared' }]);
  });

  it('reach embedded tasks that only mention them', async () => {
    await tekton().apply(`
apiVersion: v1
kind: ConfigMap
metadata: { name: words }
data: { word: mentioned }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: mention }
spec:
  workspaces: [{ name: words, configMap: { name: words } }]
  pipelineSpec:
    tasks: [{ name: one, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "cat $(workspaces.words.path)/word" }] } }]
`);
    await tekton().finished('PipelineRun', 'mention');
    expect(await tekton().logs('mention-one', 'step-s')).toEqual(['mentioned']);
  });

  it('that are required and not bound fail the run', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: unbound }
spec: { taskSpec: { workspaces: [{ name: source }], steps: [{ name: s, image: "busybox:1", script: "true" }] } }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: unbound }
spec:
  pipelineSpec:
    workspaces: [{ name: source }]
    tasks: [{ name: one, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }]
`);
    const taskRun = await tekton().finished('TaskRun', 'unbound');
    expect(condition(taskRun)?.message).toContain(
      'declared workspace "source" is required but has not been bound',
    );
    const run = await tekton().finished('PipelineRun', 'unbound');
    expect(condition(run)?.reason).toBe('InvalidWorkspaceBindings');
  });

  it('never lead outside their volume', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: outside }
spec:
  workspaces: [{ name: source, emptyDir: {}, subPath: ../../.. }]
  taskSpec: { workspaces: [{ name: source }], steps: [{ name: s, image: "busybox:1", script: "true" }] }
`);
    const run = await tekton().finished('TaskRun', 'outside');
    expect(condition(run)).toMatchObject({ status: 'False' });
    expect(condition(run)?.message).toContain("must not contain '..'");
  });

  it('and volumes can be mounted where a step wants them', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: volumes }
spec:
  taskSpec:
    volumes: [{ name: shared, emptyDir: {} }]
    steps:
      - { name: write, image: "busybox:1", workingDir: /data, volumeMounts: [{ name: shared, mountPath: /data }], script: "echo x > file" }
      - { name: read, image: "busybox:1", workingDir: /elsewhere, volumeMounts: [{ name: shared, mountPath: /elsewhere }], script: "cat file" }
`);
    await tekton().finished('TaskRun', 'volumes');
    expect(await tekton().logs('volumes', 'step-read')).toEqual(['x']);
  });
});
