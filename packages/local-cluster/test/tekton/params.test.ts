import { describe, expect, it } from 'vitest';
import { condition } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

const TASK = `
apiVersion: tekton.dev/v1
kind: Task
metadata: { name: show-params }
spec:
  params:
    - { name: text }
    - { name: list, type: array, default: [a, b c] }
    - { name: thing, type: object, properties: { url: {}, tag: {} }, default: { tag: latest } }
  steps:
    - name: show
      image: busybox:1
      command: [printf, '%s\\n']
      args: [$(params.text), '$(params.list[*])', '$(params.list[1])', $(params.thing.url), $(params.thing.tag)]
`;

describe('params', () => {
  const tekton = useTekton();

  it('of every type reach the step, defaults and missing object keys filled in', async () => {
    await tekton().apply(`${TASK}
---
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: all-types }
spec:
  taskRef: { name: show-params }
  params: [{ name: text, value: hi }, { name: thing, value: { url: "https://example.org" } }]
`);
    const run = await tekton().finished('TaskRun', 'all-types');
    expect(await tekton().logs('all-types', 'step-show')).toEqual([
      'hi',
      'a',
      'b c',
      'b c',
      'https://example.org',
      'latest',
    ]);
    expect(run.metadata.labels).toMatchObject({ 'tekton.dev/task': 'show-params' });
  });

  it('with quotes, newlines, variables and unicode arrive unchanged and are not executed', async () => {
    const hostile = `"'; touch /tmp/x $(id) $(params.text) \`id\` $HOME $(HOME) 🦊\\\nsecond`;
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: hostile }
spec:
  params: [{ name: text, value: ${JSON.stringify(hostile)} }]
  taskSpec:
    params: [{ name: text }]
    steps:
      - { name: args, image: busybox:1, command: [printf, '%s'], args: [$(params.text)] }
      - { name: env, image: busybox:1, env: [{ name: TEXT, value: $(params.text) }], script: 'printf %s "$TEXT"' }
`);
    await tekton().finished('TaskRun', 'hostile');
    expect((await tekton().logs('hostile', 'step-args')).join('\n')).toBe(hostile);
    expect((await tekton().logs('hostile', 'step-env')).join('\n')).toBe(hostile);
  });

  it('that are missing fail the TaskRun and are named', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: missing-param }
spec:
  taskSpec:
    params: [{ name: needed }]
    steps: [{ name: show, image: busybox:1, command: [echo, $(params.needed)] }]
`);
    const run = await tekton().finished('TaskRun', 'missing-param');
    expect(condition(run)).toMatchObject({ status: 'False', reason: 'TaskRunValidationFailed' });
    expect(condition(run)?.message).toContain('[needed]');
  });

  it('that are missing or of the wrong type fail the PipelineRun before it starts', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: { name: needs-params }
spec:
  params: [{ name: word }, { name: list, type: array, default: [] }]
  tasks:
    - name: one
      taskSpec: { steps: [{ name: s, image: busybox:1, script: "true" }] }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: lacks-word }
spec: { pipelineRef: { name: needs-params } }
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: wrong-type }
spec:
  pipelineRef: { name: needs-params }
  params: [{ name: word, value: x }, { name: list, value: not-a-list }]
`);
    const lacking = await tekton().finished('PipelineRun', 'lacks-word');
    expect(condition(lacking)).toMatchObject({ status: 'False', reason: 'ParameterMissing' });
    expect(condition(lacking)?.message).toContain('[word]');
    const mistyped = await tekton().finished('PipelineRun', 'wrong-type');
    expect(condition(mistyped)?.reason).toBe('ParameterTypeMismatch');
  });

  it('of a run reach embedded tasks that do not declare them', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: propagated }
spec:
  params: [{ name: word, value: outer }]
  pipelineSpec:
    tasks:
      - name: plain
        taskSpec: { steps: [{ name: s, image: busybox:1, command: [echo, $(params.word)] }] }
      - name: hidden
        params: [{ name: word, value: inner }]
        taskSpec: { params: [{ name: word }], steps: [{ name: s, image: busybox:1, command: [echo, $(params.word)] }] }
`);
    expect(condition(await tekton().finished('PipelineRun', 'propagated'))?.status).toBe('True');
    expect(await tekton().logs('propagated-plain', 'step-s')).toEqual(['outer']);
    expect(await tekton().logs('propagated-hidden', 'step-s')).toEqual(['inner']);
  });

  it('and context variables tell a step where it runs', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: context }
spec:
  pipelineSpec:
    tasks:
      - name: show
        retries: 2
        params: [{ name: where, value: "$(context.pipelineRun.namespace)/$(context.pipelineRun.name) $(context.pipelineTask.retries)" }]
        taskSpec:
          params: [{ name: where }]
          steps: [{ name: s, image: busybox:1, command: [echo, $(params.where), $(context.taskRun.name), $(context.task.retry-count)] }]
`);
    await tekton().finished('PipelineRun', 'context');
    expect(await tekton().logs('context-show', 'step-s')).toEqual([
      `${tekton().namespace}/context 2 context-show 0`,
    ]);
  });
});
