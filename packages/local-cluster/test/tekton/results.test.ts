import { describe, expect, it } from 'vitest';
import { condition, resultsOf } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('results', () => {
  const tekton = useTekton();

  it('of every type go from task to task and into the pipeline, and order the tasks', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: pass-on }
spec:
  pipelineSpec:
    results:
      - { name: summary, value: "$(tasks.use.results.said) of $(tasks.make.results.word)" }
      - { name: items, value: "$(tasks.make.results.list[*])" }
      - { name: from-skipped, value: "$(tasks.never.results.word)" }
    tasks:
      - name: use
        params:
          - { name: word, value: $(tasks.make.results.word) }
          - { name: list, value: "$(tasks.make.results.list[*])" }
          - { name: second, value: "$(tasks.make.results.list[1])" }
          - { name: url, value: $(tasks.make.results.thing.url) }
        taskSpec:
          params: [{ name: word }, { name: list, type: array }, { name: second }, { name: url }]
          results: [{ name: said }]
          steps:
            - name: say
              image: busybox:1
              command: [sh, -c]
              args: ['echo "$@" | tr -d "\\n" | tee $(results.said.path)', say, $(params.word), '$(params.list[*])', $(params.second), $(params.url)]
      - name: make
        taskSpec:
          results: [{ name: word }, { name: list, type: array }, { name: thing, type: object, properties: { url: {} } }]
          steps:
            - name: write
              image: busybox:1
              script: |
                printf fox > $(results.word.path)
                printf '["x","y"]' > $(results.list.path)
                printf '{"url":"u"}' > $(results.thing.path)
      - name: never
        when: [{ input: a, operator: in, values: [b] }]
        taskSpec:
          results: [{ name: word }]
          steps: [{ name: s, image: busybox:1, script: "true" }]
`);
    const run = await tekton().finished('PipelineRun', 'pass-on');
    expect(condition(run)).toMatchObject({ status: 'True', reason: 'Completed' });
    expect(resultsOf(run)).toEqual({ summary: 'fox x y y u of fox', items: ['x', 'y'] });
  });

  it('larger than the limit fail the step that wrote them, whose log says so', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: too-large }
spec:
  taskSpec:
    results: [{ name: big }]
    steps: [{ name: write, image: busybox:1, script: "head -c 5000 /dev/zero | tr '\\\\0' x > $(results.big.path)" }]
`);
    const run = await tekton().finished('TaskRun', 'too-large');
    expect(condition(run)).toMatchObject({
      status: 'False',
      message: '"step-write" exited with code 1: Error',
    });
    expect((await tekton().logs('too-large', 'step-write')).join('\n')).toContain(
      'Termination message is above max allowed size 4096',
    );
  });

  it('of another type than declared fail the TaskRun', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: not-a-list }
spec:
  taskSpec:
    results: [{ name: list, type: array }]
    steps: [{ name: write, image: busybox:1, script: "printf words > $(results.list.path)" }]
`);
    const run = await tekton().finished('TaskRun', 'not-a-list');
    expect(condition(run)?.status).toBe('False');
    expect(condition(run)?.message).toContain('"list"');
  });

  it('that a successful task does not give stop the pipeline and are named', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: not-given }
spec:
  pipelineSpec:
    tasks:
      - name: make
        taskSpec: { results: [{ name: word }], steps: [{ name: s, image: busybox:1, script: "true" }] }
      - name: use
        params: [{ name: word, value: $(tasks.make.results.word) }]
        taskSpec: { params: [{ name: word }], steps: [{ name: s, image: busybox:1, script: "true" }] }
`);
    const run = await tekton().finished('PipelineRun', 'not-given');
    expect(condition(run)).toMatchObject({ status: 'False', reason: 'PipelineValidationFailed' });
    expect(condition(run)?.message).toContain('did not emit the result "word"');
  });

  it('that a task does not declare fail the pipeline before it starts', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: undeclared }
spec:
  pipelineSpec:
    tasks:
      - name: make
        taskSpec: { steps: [{ name: s, image: busybox:1, script: "true" }] }
      - name: use
        params: [{ name: word, value: $(tasks.make.results.word) }]
        taskSpec: { params: [{ name: word }], steps: [{ name: s, image: busybox:1, script: "true" }] }
`);
    const run = await tekton().finished('PipelineRun', 'undeclared');
    expect(condition(run)?.reason).toBe('InvalidTaskResultReference');
    expect(await tekton().list('TaskRun', 'tekton.dev/pipelineRun=undeclared')).toEqual([]);
  });
});
