import { describe, expect, it } from 'vitest';
import { condition, resultsOf } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('steps of a TaskRun', () => {
  const tekton = useTekton();

  it('run one after the other and share the results directory', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: two-steps }
spec:
  taskSpec:
    results: [{ name: greeting }]
    steps:
      - { name: first, image: busybox:1, script: "echo one; printf hello > $(results.greeting.path)" }
      - { name: second, image: busybox:1, command: [sh, -c], args: ['cat "$0"; echo; echo two', $(results.greeting.path)] }
`);
    const run = await tekton().finished('TaskRun', 'two-steps');
    expect(condition(run)).toMatchObject({
      status: 'True',
      reason: 'Succeeded',
      message: 'All Steps have completed executing',
    });
    expect(resultsOf(run)).toEqual({ greeting: 'hello' });
    expect(await tekton().logs('two-steps', 'step-first')).toEqual(['one']);
    expect(await tekton().logs('two-steps', 'step-second')).toEqual(['hello', 'two']);
    expect(run.status.steps).toMatchObject([
      { name: 'first', container: 'step-first', terminated: { exitCode: 0, reason: 'Completed' } },
      { name: 'second', container: 'step-second', terminationReason: 'Completed' },
    ]);
  });

  it('after a failed one are skipped, and the TaskRun names it', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: failing-step }
spec:
  taskSpec:
    steps:
      - { name: ok, image: busybox:1, script: "true" }
      - { name: bad, image: busybox:1, script: "exit 3" }
      - { name: never, image: busybox:1, script: "echo ran" }
`);
    const run = await tekton().finished('TaskRun', 'failing-step');
    expect(condition(run)).toMatchObject({
      status: 'False',
      message: '"step-bad" exited with code 3: Error',
    });
    expect(run.status.steps).toMatchObject([
      { terminationReason: 'Completed' },
      { terminated: { exitCode: 3, reason: 'Error' }, terminationReason: 'Error' },
      { terminationReason: 'Skipped' },
    ]);
  });

  it('with onError continue fail without failing the TaskRun, and tell their exit code', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: on-error }
spec:
  taskSpec:
    steps:
      - { name: shaky, image: busybox:1, onError: continue, script: "exit 7" }
      - { name: look, image: busybox:1, script: "cat $(steps.step-shaky.exitCode.path)" }
`);
    const run = await tekton().finished('TaskRun', 'on-error');
    expect(condition(run)?.status).toBe('True');
    expect(run.status.steps).toMatchObject([
      { terminated: { exitCode: 7 }, terminationReason: 'Continued' },
      {},
    ]);
    expect(await tekton().logs('on-error', 'step-look')).toEqual(['7']);
  });

  it('that exceed their timeout are stopped and fail the TaskRun', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: step-timeout }
spec:
  taskSpec:
    steps:
      - { name: slow, image: busybox:1, timeout: 200ms, script: "sleep 60" }
`);
    const run = await tekton().finished('TaskRun', 'step-timeout');
    expect(condition(run)).toMatchObject({
      status: 'False',
      message: '"step-slow" exited because the step exceeded the specified timeout limit',
    });
    expect(run.status.steps).toMatchObject([{ terminationReason: 'TimeoutExceeded' }]);
  });

  it('take image, env and command from the stepTemplate, and their own values win', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: template }
spec:
  taskSpec:
    stepTemplate:
      image: busybox:1
      env: [{ name: COLOR, value: red }, { name: SHAPE, value: round }]
    steps:
      - { name: paint, env: [{ name: COLOR, value: blue }], script: 'echo "$COLOR $SHAPE"' }
`);
    await tekton().finished('TaskRun', 'template');
    expect(await tekton().logs('template', 'step-paint')).toEqual(['blue round']);
  });

  it('run a script with the interpreter of its first line', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: shebang }
spec:
  taskSpec:
    steps:
      - image: busybox:1
        script: |
          #!/bin/sh -u
          case $- in *u*) ;; *) exit 1 ;; esac
`);
    const run = await tekton().finished('TaskRun', 'shebang');
    expect(condition(run)?.status).toBe('True');
    expect(run.status.steps).toMatchObject([{ name: 'unnamed-0', container: 'step-unnamed-0' }]);
  });

  it('start in the working directory they name, which is made when it lies in the workspace', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: working-dir }
spec:
  taskSpec:
    steps:
      - { name: write, image: busybox:1, workingDir: /workspace/deep/er, script: "echo here > file" }
      - { name: read, image: busybox:1, workingDir: /workspace/deep, script: "cat er/file" }
`);
    await tekton().finished('TaskRun', 'working-dir');
    expect(await tekton().logs('working-dir', 'step-read')).toEqual(['here']);
  });

  it('do not start in a relative directory', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: relative-dir }
spec: { taskSpec: { steps: [{ name: lost, image: busybox:1, workingDir: deep, script: "true" }] } }
`);
    expect(condition(await tekton().finished('TaskRun', 'relative-dir'))?.status).toBe('False');
  });

  it('read the results of earlier steps', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: step-results }
spec:
  taskSpec:
    results: [{ name: from-step, value: $(steps.make.results.word) }]
    steps:
      - name: make
        image: busybox:1
        results: [{ name: word }]
        script: printf '%s(params.x) stays' '$' > $(step.results.word.path)
      - { name: use, image: busybox:1, command: [echo], args: [$(steps.make.results.word)] }
`);
    const run = await tekton().finished('TaskRun', 'step-results');
    expect(await tekton().logs('step-results', 'step-use')).toEqual(['$(params.x) stays']);
    expect(resultsOf(run)).toEqual({ 'from-step': '$(params.x) stays' });
  });

  it('may be a StepAction with params and results of its own', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: { name: shout }
spec:
  image: busybox:1
  params: [{ name: word }, { name: mark, default: "!" }]
  results: [{ name: said }]
  env: [{ name: WORD, value: $(params.word) }, { name: MARK, value: $(params.mark) }]
  script: printf '%s%s' "$WORD" "$MARK" | tee $(step.results.said.path)
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: step-action }
spec:
  params: [{ name: word, value: outer }]
  taskSpec:
    params: [{ name: word }]
    steps:
      - { name: call, ref: { name: shout }, params: [{ name: word, value: "inner $(params.word)" }] }
      - { name: after, image: busybox:1, command: [echo], args: [$(steps.call.results.said), $(params.word)] }
`);
    await tekton().finished('TaskRun', 'step-action');
    expect(await tekton().logs('step-action', 'step-after')).toEqual(['inner outer! outer']);
  });

  it('whose program is missing fail the TaskRun and the program is named', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: no-program }
spec:
  taskSpec: { steps: [{ name: gone, image: busybox:1, command: [no-such-program-anywhere] }] }
`);
    const run = await tekton().finished('TaskRun', 'no-program');
    expect(condition(run)?.status).toBe('False');
    const said = [condition(run)?.message, ...(await tekton().logs('no-program', 'step-gone'))];
    expect(said.join('\n')).toContain('no-such-program-anywhere');
  });

  it('show in a pod that the TaskRun owns', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: with-pod, labels: { team: blue } }
spec:
  taskSpec: { steps: [{ name: only, image: busybox:1, script: "true" }] }
`);
    const run = await tekton().finished('TaskRun', 'with-pod');
    const pod = await tekton().until('Pod', 'with-pod-pod', ({ status }) => status['phase'] === 'Succeeded');
    expect(run.status.podName).toBe('with-pod-pod');
    expect(pod.metadata.labels).toMatchObject({ 'tekton.dev/taskRun': 'with-pod', team: 'blue' });
    expect(pod.metadata.ownerReferences).toMatchObject([{ kind: 'TaskRun', name: 'with-pod' }]);
    expect(pod.status).toMatchObject({
      containerStatuses: [{ name: 'step-only', state: { terminated: { exitCode: 0 } }, lastState: {} }],
    });
  });
});
