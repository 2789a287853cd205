import { describe, expect, it } from 'vitest';
import { condition, resultsOf, skippedTasksOf } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('a matrix', () => {
  const tekton = useTekton();

  it('makes one TaskRun per combination, include among them', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: fan-out }
spec:
  pipelineSpec:
    tasks:
      - name: build
        displayName: "build for $(params.os)"
        matrix:
          params: [{ name: os, value: [linux, mac] }, { name: arch, value: [arm, amd] }]
          include:
            - { name: with-flag, params: [{ name: os, value: linux }, { name: flag, value: "-O3" }] }
            - { params: [{ name: os, value: plan9 }] }
        taskSpec:
          params: [{ name: os }, { name: arch, default: any }, { name: flag, default: none }]
          steps: [{ name: show, image: "busybox:1", command: [echo, $(params.os), $(params.arch), $(params.flag)] }]
`);
    const run = await tekton().finished('PipelineRun', 'fan-out');
    expect(condition(run)?.status).toBe('True');
    const names = [0, 1, 2, 3, 4].map((index) => `fan-out-build-${index}`);
    const lines = await Promise.all(names.map((name) => tekton().logs(name, 'step-show')));
    expect(lines.flat()).toEqual([
      'linux arm -O3',
      'mac arm none',
      'linux amd -O3',
      'mac amd none',
      'plan9 any none',
    ]);
    expect(run.status.childReferences).toMatchObject([
      { displayName: 'with-flag' },
      { displayName: 'build for mac' },
      { displayName: 'with-flag' },
      { displayName: 'build for mac' },
      { displayName: 'build for plan9' },
    ]);
  });

  it('gives its results as a list, and may be made of a list that a task gives', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: fan-in }
spec:
  pipelineSpec:
    results: [{ name: doubled, value: "$(tasks.double.results.out[*])" }]
    tasks:
      - name: list
        taskSpec:
          results: [{ name: numbers, type: array }]
          steps: [{ name: s, image: "busybox:1", script: "printf '[\\"1\\",\\"2\\",\\"3\\"]' > $(results.numbers.path)" }]
      - name: double
        matrix: { params: [{ name: number, value: "$(tasks.list.results.numbers[*])" }] }
        taskSpec:
          params: [{ name: number }]
          results: [{ name: out }]
          steps: [{ name: s, image: "busybox:1", script: "printf $(( $(params.number) * 2 )) > $(results.out.path)" }]
      - name: count
        params: [{ name: all, value: "$(tasks.double.results.out[*])" }, { name: length, value: $(tasks.double.matrix.out.length) }]
        taskSpec:
          params: [{ name: all, type: array }, { name: length }]
          steps: [{ name: show, image: "busybox:1", command: [echo, $(params.length), '$(params.all[*])'] }]
`);
    const run = await tekton().finished('PipelineRun', 'fan-in');
    expect(condition(run)).toMatchObject({ status: 'True' });
    expect(resultsOf(run)).toEqual({ doubled: ['2', '4', '6'] });
    expect(await tekton().logs('fan-in-count', 'step-show')).toEqual(['3 2 4 6']);
  });

  it('fails as a whole when one of its TaskRuns fails', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: one-bad }
spec:
  pipelineSpec:
    tasks:
      - name: exit
        matrix: { params: [{ name: code, value: ["0", "1"] }] }
        taskSpec: { params: [{ name: code }], steps: [{ name: s, image: "busybox:1", script: "exit $(params.code)" }] }
`);
    const run = await tekton().finished('PipelineRun', 'one-bad');
    expect(condition(run)?.message).toBe('Tasks Completed: 1 (Failed: 1, Cancelled 0), Skipped: 0');
  });

  it('of an empty list skips the task', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: nothing }
spec:
  params: [{ name: apps, value: [] }]
  pipelineSpec:
    params: [{ name: apps, type: array }]
    tasks:
      - name: each
        matrix: { params: [{ name: app, value: "$(params.apps[*])" }] }
        taskSpec: { params: [{ name: app }], steps: [{ name: s, image: "busybox:1", script: "true" }] }
`);
    const run = await tekton().finished('PipelineRun', 'nothing');
    expect(skippedTasksOf(run)).toEqual({ each: 'Matrix Parameters have an empty array' });
  });
});
