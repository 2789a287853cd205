import { describe, expect, it } from 'vitest';
import { condition, skippedTasksOf } from './tekton-rig.ts';
import { useTekton } from './tekton-suite.ts';

describe('finally tasks', () => {
  const tekton = useTekton();

  it('run after a failure, with the status of each task and of all', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: after-failure }
spec:
  pipelineSpec:
    tasks:
      - { name: good, taskSpec: { results: [{ name: word }], steps: [{ name: s, image: "busybox:1", script: "printf hi > $(results.word.path)" }] } }
      - { name: bad, runAfter: [good], taskSpec: { steps: [{ name: s, image: "busybox:1", script: "exit 1" }] } }
      - { name: never, runAfter: [bad], taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }
    finally:
      - name: report
        params:
          - { name: text, value: "$(tasks.good.status) $(tasks.bad.status) $(tasks.never.status) $(tasks.status) $(tasks.good.results.word)" }
        taskSpec: { params: [{ name: text }], steps: [{ name: say, image: "busybox:1", command: [echo], args: [$(params.text)] }] }
      - name: on-success
        when: [{ input: $(tasks.status), operator: in, values: [Succeeded, Completed] }]
        taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] }
`);
    const run = await tekton().finished('PipelineRun', 'after-failure');
    expect(condition(run)).toMatchObject({ status: 'False', reason: 'Failed' });
    expect(await tekton().logs('after-failure-report', 'step-say')).toEqual([
      'Succeeded Failed None Failed hi',
    ]);
    expect(skippedTasksOf(run)).toEqual({
      never: 'PipelineRun was stopping',
      'on-success': 'When Expressions evaluated to false',
    });
    expect(run.status.finallyStartTime).toBeDefined();
    expect(
      (await tekton().get('TaskRun', 'after-failure-report'))?.metadata.labels?.['tekton.dev/memberOf'],
    ).toBe('finally');
  });

  it('are skipped when they read a result that is missing', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: final-missing }
spec:
  pipelineSpec:
    tasks:
      - { name: make, taskSpec: { results: [{ name: word }], steps: [{ name: s, image: "busybox:1", script: "exit 1" }] } }
    finally:
      - name: use
        params: [{ name: word, value: $(tasks.make.results.word) }]
        taskSpec: { params: [{ name: word }], steps: [{ name: s, image: "busybox:1", script: "true" }] }
`);
    const run = await tekton().finished('PipelineRun', 'final-missing');
    expect(skippedTasksOf(run)).toEqual({ use: 'Results were missing' });
    expect(condition(run)?.message).toBe('Tasks Completed: 1 (Failed: 1, Cancelled 0), Skipped: 1');
  });

  it('that fail fail the run', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: { name: final-fails }
spec:
  pipelineSpec:
    tasks: [{ name: good, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "true" }] } }]
    finally: [{ name: bad, taskSpec: { steps: [{ name: s, image: "busybox:1", script: "exit 1" }] } }]
`);
    expect(condition(await tekton().finished('PipelineRun', 'final-fails'))?.reason).toBe('Failed');
  });
});
