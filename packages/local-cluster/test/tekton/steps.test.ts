import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { condition, resultsOf, startTekton, type TektonRig } from './tekton-rig.ts';

describe('steps of a TaskRun', () => {
  let tekton: TektonRig;
  beforeAll(async () => {
    tekton = await startTekton();
  });
  afterAll(() => tekton[Symbol.asyncDispose]());

  it('run one after the other and share the results directory', async () => {
    tekton.apply(`
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
    const run = await tekton.finished('TaskRun', 'two-steps');
    expect(condition(run)).toMatchObject({
      status: 'True',
      reason: 'Succeeded',
      message: 'All Steps have completed executing',
    });
    expect(resultsOf(run)).toEqual({ greeting: 'hello' });
    expect(tekton.logs('two-steps', 'step-first')).toEqual(['one']);
    expect(tekton.logs('two-steps', 'step-second')).toEqual(['hello', 'two']);
  });
});
