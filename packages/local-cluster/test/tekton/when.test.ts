import { describe, expect, it } from 'vitest';
import { describeLocally } from '../local-only.ts';
import { condition, skippedTasksOf } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

const TRUE = '{ steps: [{ name: s, image: "busybox:1", script: "true" }] }';

describe('when expressions', () => {
  const tekton = useTekton();

  it('skip a task and let the tasks after it run', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: guarded }
spec:
  params: [{ name: backend, value: gateway }, { name: known, value: [gateway, mirrord] }]
  pipelineSpec:
    params: [{ name: backend }, { name: known, type: array }]
    tasks:
      - { name: in-list, when: [{ input: $(params.backend), operator: in, values: ["$(params.known[*])"] }], taskSpec: ${TRUE} }
      - { name: not-in, when: [{ input: $(params.backend), operator: notin, values: [gateway] }], taskSpec: ${TRUE} }
      - { name: after, runAfter: [not-in], taskSpec: ${TRUE} }
`);
    const run = await tekton().finished('PipelineRun', 'guarded');
    expect(condition(run)).toMatchObject({
      reason: 'Completed',
      message: 'Tasks Completed: 2 (Failed: 0, Cancelled 0), Skipped: 1',
    });
    expect(skippedTasksOf(run)).toEqual({ 'not-in': 'When Expressions evaluated to false' });
  });

  it('skip the tasks that read the results of a skipped task, and those that run after them', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: missing-results }
spec:
  pipelineSpec:
    tasks:
      - name: make
        when: [{ input: a, operator: in, values: [b] }]
        taskSpec: { results: [{ name: word }], steps: [{ name: s, image: "busybox:1", script: "true" }] }
      - name: use
        params: [{ name: word, value: $(tasks.make.results.word) }]
        taskSpec: { params: [{ name: word }], steps: [{ name: s, image: "busybox:1", script: "true" }] }
      - { name: after-use, runAfter: [use], taskSpec: ${TRUE} }
`);
    const run = await tekton().finished('PipelineRun', 'missing-results');
    expect(condition(run)?.status).toBe('True');
    expect(skippedTasksOf(run)).toEqual({
      make: 'When Expressions evaluated to false',
      use: 'Results were missing',
      'after-use': 'Parent Tasks were skipped',
    });
  });

  it('may read results', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: on-result }
spec:
  pipelineSpec:
    tasks:
      - name: make
        taskSpec: { results: [{ name: word }], steps: [{ name: s, image: "busybox:1", script: "printf go > $(results.word.path)" }] }
      - { name: yes, when: [{ input: $(tasks.make.results.word), operator: in, values: [go] }], taskSpec: ${TRUE} }
      - { name: no, when: [{ input: $(tasks.make.results.word), operator: notin, values: [go] }], taskSpec: ${TRUE} }
`);
    const run = await tekton().finished('PipelineRun', 'on-result');
    expect(skippedTasksOf(run)).toEqual({ no: 'When Expressions evaluated to false' });
  });
});

describeLocally('when expressions in CEL', () => {
  const tekton = useTekton();

  it('read params and results', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: in-cel }
spec:
  params: [{ name: backend, value: gateway }]
  pipelineSpec:
    params: [{ name: backend }]
    tasks:
      - name: make
        when: [{ cel: "'$(params.backend)' == 'gateway'" }]
        taskSpec: { results: [{ name: word }], steps: [{ name: s, image: "busybox:1", script: "printf go > $(results.word.path)" }] }
      - { name: never, when: [{ cel: "'$(params.backend)'.startsWith('x')" }], taskSpec: ${TRUE} }
      - { name: no, when: [{ cel: "'$(tasks.make.results.word)' != 'go'" }], taskSpec: ${TRUE} }
`);
    const run = await tekton().finished('PipelineRun', 'in-cel');
    expect(skippedTasksOf(run)).toEqual({
      never: 'When Expressions evaluated to false',
      no: 'When Expressions evaluated to false',
    });
  });

  it('that are no CEL are refused', async () => {
    const refusal = await tekton().refusal(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: bad-cel }
spec: { pipelineSpec: { tasks: [{ name: one, when: [{ cel: "1 +" }], taskSpec: ${TRUE} }] } }
`);
    expect(refusal).toMatch(/cel/i);
  });
});
