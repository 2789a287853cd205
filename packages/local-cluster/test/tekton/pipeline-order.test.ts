import { describe, expect, it } from 'vitest';
import { condition } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

const TRUE = '{ steps: [{ name: s, image: "busybox:1", script: "true" }] }';

describe('tasks of a pipeline', () => {
  const tekton = useTekton();

  it('wait for the tasks they run after, and the run tells its counts', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: Task
metadata: { name: plain, labels: { kind-of: plain } }
spec: ${TRUE}
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: { name: diamond }
spec:
  tasks:
    - { name: join, taskRef: { name: plain }, runAfter: [left, right] }
    - { name: left, taskRef: { name: plain }, runAfter: [root] }
    - { name: right, taskRef: { name: plain }, runAfter: [root], displayName: "the right side" }
    - { name: root, taskRef: { name: plain } }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: diamond, labels: { team: blue } }
spec: { pipelineRef: { name: diamond } }
`);
    const run = await tekton().finished('PipelineRun', 'diamond');
    expect(condition(run)).toMatchObject({
      status: 'True',
      reason: 'Succeeded',
      message: 'Tasks Completed: 4 (Failed: 0, Cancelled 0), Skipped: 0',
    });
    const times = new Map(
      (await tekton().list('TaskRun', 'tekton.dev/pipelineRun=diamond')).map((taskRun) => [
        taskRun.metadata.labels?.['tekton.dev/pipelineTask'],
        taskRun.status,
      ]),
    );
    const started = (task: string) => Date.parse(String(times.get(task)?.['startTime']));
    const ended = (task: string) => Date.parse(String(times.get(task)?.['completionTime']));
    expect(started('left')).toBeGreaterThanOrEqual(ended('root'));
    expect(started('join')).toBeGreaterThanOrEqual(Math.max(ended('left'), ended('right')));
    expect(run.status.childReferences).toMatchObject([
      { kind: 'TaskRun', name: 'diamond-join', pipelineTaskName: 'join' },
      { pipelineTaskName: 'left' },
      { pipelineTaskName: 'right', displayName: 'the right side' },
      { pipelineTaskName: 'root' },
    ]);
  });

  it('have TaskRuns with the labels of Tekton and of the run', async () => {
    const [taskRun] = await tekton().list('TaskRun', 'tekton.dev/pipelineTask=root');
    expect(taskRun?.metadata.labels).toMatchObject({
      'tekton.dev/pipeline': 'diamond',
      'tekton.dev/pipelineRun': 'diamond',
      'tekton.dev/memberOf': 'tasks',
      'tekton.dev/task': 'plain',
      team: 'blue',
    });
    expect(taskRun?.metadata.ownerReferences).toMatchObject([
      { kind: 'PipelineRun', name: 'diamond', controller: true },
    ]);
    expect((await tekton().get('Pod', 'diamond-root-pod'))?.metadata.labels).toMatchObject({
      'kind-of': 'plain',
      'tekton.dev/pipelineTask': 'root',
    });
  });

  it('that do not wait for each other run at the same time', async () => {
    await tekton().apply(`
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: meeting }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: parallel }
spec:
  workspaces: [{ name: place, persistentVolumeClaim: { claimName: meeting } }]
  pipelineSpec:
    workspaces: [{ name: place }]
    tasks:
      - name: one
        workspaces: [{ name: place }]
        taskSpec: &meet
          workspaces: [{ name: place }]
          steps:
            - name: meet
              image: busybox:1
              script: |
                cd $(workspaces.place.path)
                touch "$(context.taskRun.name)"
                until [ "$(ls | wc -l)" = 2 ]; do sleep 0.05; done
      - { name: two, workspaces: [{ name: place }], taskSpec: *meet }
`);
    expect(condition(await tekton().finished('PipelineRun', 'parallel'))?.status).toBe('True');
  });

  it('that fail stop the run: what runs ends, the rest is skipped', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: one-fails }
spec:
  pipelineSpec:
    tasks:
      - { name: bad, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "exit 1" }] } }
      - { name: good, taskSpec: ${TRUE} }
      - { name: next, runAfter: [good, bad], taskSpec: ${TRUE} }
`);
    const run = await tekton().finished('PipelineRun', 'one-fails');
    expect(condition(run)).toMatchObject({
      status: 'False',
      reason: 'Failed',
      message: 'Tasks Completed: 2 (Failed: 1, Cancelled 0), Skipped: 1',
    });
    expect(run.status.skippedTasks).toEqual([{ name: 'next', reason: 'PipelineRun was stopping' }]);
  });

  it('with onError continue fail without stopping the run', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: ignored }
spec:
  pipelineSpec:
    tasks:
      - { name: bad, onError: continue, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "exit 1" }] } }
      - { name: next, runAfter: [bad], taskSpec: ${TRUE} }
`);
    const run = await tekton().finished('PipelineRun', 'ignored');
    expect(condition(run)).toMatchObject({
      status: 'True',
      message: 'Tasks Completed: 2 (Failed: 1 (Ignored: 1), Cancelled 0), Skipped: 0',
    });
    expect(condition(await tekton().finished('TaskRun', 'ignored-bad'))?.reason).toBe('FailureIgnored');
  });

  it('cannot name their task by a param', async () => {
    const refusal = await tekton().refusal(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: by-param }
spec:
  params: [{ name: hook, value: plain }]
  pipelineSpec:
    params: [{ name: hook }]
    tasks: [{ name: hook, taskRef: { name: $(params.hook) } }]
`);
    expect(refusal).toContain('spec.pipelineSpec.tasks[0].taskRef.name');
    expect(refusal).toContain('name part must consist of alphanumeric characters');
  });

  it('that do not exist fail the run, as does a pipeline that does not', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: no-task }
spec: { pipelineSpec: { tasks: [{ name: one, taskRef: { name: nowhere } }] } }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: no-pipeline }
spec: { pipelineRef: { name: nowhere } }
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: no-task }
spec: { taskRef: { name: nowhere } }
`);
    const noTask = await tekton().finished('PipelineRun', 'no-task');
    expect(condition(noTask)?.reason).toBe('CouldntGetTask');
    expect(condition(noTask)?.message).toContain('tasks.tekton.dev "nowhere" not found');
    expect(condition(await tekton().finished('PipelineRun', 'no-pipeline'))?.reason).toBe(
      'CouldntGetPipeline',
    );
    expect(condition(await tekton().finished('TaskRun', 'no-task'))?.reason).toBe('TaskRunResolutionFailed');
  });

  it('get service account, env and timeout of their own from taskRunSpecs', async () => {
    await tekton().apply(`
apiVersion: v1
kind: ServiceAccount
metadata: { name: deployer }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: overridden }
spec:
  taskRunTemplate: { podTemplate: { env: [{ name: WHO, value: everyone }] } }
  taskRunSpecs:
    - { pipelineTaskName: special, serviceAccountName: deployer, timeout: 5m, podTemplate: { env: [{ name: WHO, value: special }] } }
  pipelineSpec:
    tasks:
      - { name: special, taskSpec: &show { steps: [{ name: s, image: "busybox:1", script: "echo $WHO" }] } }
      - { name: usual, taskSpec: *show }
`);
    await tekton().finished('PipelineRun', 'overridden');
    expect(await tekton().logs('overridden-special', 'step-s')).toEqual(['special']);
    expect(await tekton().logs('overridden-usual', 'step-s')).toEqual(['everyone']);
    expect((await tekton().get('TaskRun', 'overridden-special'))?.spec).toMatchObject({
      serviceAccountName: 'deployer',
      timeout: '5m0s',
    });
  });
});
