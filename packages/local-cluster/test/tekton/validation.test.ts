import { describe, expect, it } from 'vitest';
import { useTekton } from './tekton-suite.ts';

const TRUE = '{ steps: [{ name: s, image: "busybox:1", script: "true" }] }';

const pipeline = (spec: string): string => `
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: { name: refused }
spec: ${spec}
`;

const task = (spec: string): string => `
apiVersion: tekton.dev/v1
kind: Task
metadata: { name: refused }
spec: ${spec}
`;

describe('an object that cannot work is refused', () => {
  const tekton = useTekton();

  it.each([
    [
      'a cycle',
      `{ tasks: [{ name: a, runAfter: [b], taskSpec: ${TRUE} }, { name: b, runAfter: [a], taskSpec: ${TRUE} }] }`,
      /cycle detected/,
    ],
    ['an unknown task in runAfter', `{ tasks: [{ name: a, runAfter: [z], taskSpec: ${TRUE} }] }`, /\bz\b/],
    [
      'a result of an unknown task',
      `{ tasks: [{ name: a, params: [{ name: p, value: $(tasks.z.results.r) }], taskSpec: ${TRUE} }] }`,
      /\bz\b/,
    ],
    [
      'two tasks of one name',
      `{ tasks: [{ name: a, taskSpec: ${TRUE} }, { name: a, taskSpec: ${TRUE} }] }`,
      /spec.tasks\[1\].name/,
    ],
    [
      'an unknown param',
      `{ tasks: [{ name: a, params: [{ name: p, value: $(params.nope) }], taskRef: { name: t } }] }`,
      /non-existent variable in "\$\(params.nope\)"/,
    ],
    ['no task', `{ tasks: [] }`, /expected at least one, got none/],
    ['neither taskRef nor taskSpec', `{ tasks: [{ name: a }] }`, /expected exactly one, got neither/],
    [
      'an unknown operator',
      `{ tasks: [{ name: a, when: [{ input: x, operator: like, values: [x] }], taskSpec: ${TRUE} }] }`,
      /operator "like" is not recognized/,
    ],
    [
      'runAfter in finally',
      `{ tasks: [{ name: a, taskSpec: ${TRUE} }], finally: [{ name: f, runAfter: [a], taskSpec: ${TRUE} }] }`,
      /no runAfter allowed under spec.finally/,
    ],
    [
      'an unknown workspace',
      `{ tasks: [{ name: a, workspaces: [{ name: w }], taskRef: { name: t } }] }`,
      /expects workspace with name "w"/,
    ],
    [
      'a status outside finally',
      `{ tasks: [{ name: a, taskSpec: ${TRUE} }, { name: b, params: [{ name: p, value: $(tasks.a.status) }], taskRef: { name: t } }] }`,
      /execution status/,
    ],
  ])('a pipeline with %s', async (_what, spec, message) => {
    expect(await tekton().refusal(pipeline(spec))).toMatch(message);
  });

  it.each([
    ['no step', '{ steps: [] }', /missing field\(s\)/],
    ['a step without image', '{ steps: [{ name: s, script: "true" }] }', /steps\[0\]\.Image/],
    [
      'script and command',
      '{ steps: [{ name: s, image: i, script: "true", command: [x] }] }',
      /script cannot be used with command/,
    ],
    ['two steps of one name', '{ steps: [{ name: s, image: i }, { name: s, image: i }] }', /steps\[1\].name/],
    [
      'an unknown param',
      '{ steps: [{ name: s, image: i, args: [$(params.nope)] }] }',
      /non-existent variable in "\$\(params.nope\)"/,
    ],
    [
      'a default of another type',
      '{ params: [{ name: p, type: array, default: x }], steps: [{ name: s, image: i }] }',
      /"array" type does not match default value's type: "string"/,
    ],
    ['a bad onError', '{ steps: [{ name: s, image: i, onError: shrug }] }', /onError must be either/],
    [
      'a bad result name',
      '{ results: [{ name: "../up" }], steps: [{ name: s, image: i }] }',
      /invalid key name "\.\.\/up"/,
    ],
  ])('a task with %s', async (_what, spec, message) => {
    expect(await tekton().refusal(task(spec))).toMatch(message);
  });

  it('all problems at once', async () => {
    const message = await tekton().refusal(
      task('{ steps: [{ name: S_1, image: "" }, { name: b, image: i, onError: shrug }] }'),
    );
    expect(message).toMatch(/steps\[0\].Image/);
    expect(message).toMatch(/steps\[0\].name/);
    expect(message).toMatch(/steps\[1\].onError/);
  });

  it('a run with neither or both of reference and spec, a wrong status, or too long timeouts', async () => {
    const run = (spec: string) =>
      `{ apiVersion: tekton.dev/v1, kind: PipelineRun, metadata: { name: refused }, spec: ${spec} }`;
    expect(await tekton().refusal(run('{}'))).toMatch(/expected exactly one, got neither/);
    expect(await tekton().refusal(run('{ pipelineRef: { name: x }, status: Paused }'))).toMatch(
      /Paused should be Cancelled/,
    );
    expect(
      await tekton().refusal(run('{ pipelineRef: { name: x }, timeouts: { pipeline: 1m, tasks: 2m } }')),
    ).toMatch(/should be <= pipeline duration/);
    expect(
      await tekton().refusal(
        run('{ pipelineRef: { name: x }, params: [{ name: p, value: $(tasks.a.results.b) }] }'),
      ),
    ).toMatch(/cannot use result expressions/);
  });

  it('a change of what a run executes', async () => {
    await tekton().apply(`
apiVersion: tekton.dev/v1
kind: TaskRun
metadata: { name: fixed }
spec: { taskSpec: ${TRUE} }
`);
    await expect(tekton().patchSpec('TaskRun', 'fixed', { retries: 3 })).rejects.toThrow(
      /no updates are allowed|only status/,
    );
    const run = await tekton().finished('TaskRun', 'fixed');
    expect(run.spec).toMatchObject({ timeout: '1h0m0s', serviceAccountName: 'default' });
  });
});
