import type { TaskRun } from '@tekton-dag/model';
import type { RunRow } from '@tekton-dag/store';
import { expect, it } from 'vitest';
import { parentOfRun, runSpans } from './run-spans.ts';
import { dispatchSpanIdOf, runSpanIdOf, runTraceparentOf } from './span-id.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const at = (second: number): number => Date.parse('2026-01-01T00:00:00Z') + second * 1_000;
const time = (second: number): string => new Date(at(second)).toISOString();

const key = { namespace: 'ci', name: 'stack-pr-7-abc' };
const run: RunRow = {
  ...key,
  pipeline: 'stack-pr-test',
  mode: 'pr',
  team: 'blue',
  stack: 'shop',
  app: 'api',
  apps: ['api'],
  host: 'github.com',
  repository: 'acme/api',
  pullRequest: 7,
  sha: 'a'.repeat(40),
  attempt: 1,
  delivery: 'd-1',
  traceparent: runTraceparentOf(`00-${TRACE}-b7ad6b7169203331-01`, key) ?? '',
  provenance: '',
  state: 'failed',
  reason: 'Failed',
  createdAtMs: at(0),
  startedAtMs: at(1),
  finishedAtMs: at(60),
};

const taskRun = (name: string, labels: Record<string, string>, status: TaskRun['status']): TaskRun => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'TaskRun',
  metadata: { name, namespace: 'ci', labels },
  spec: { taskRef: { name: labels['tekton.dev/pipelineTask'] ?? 'build-app' } },
  ...(status === undefined ? {} : { status }),
});
const ended = (start: number, end: number, ok = true): NonNullable<TaskRun['status']> => ({
  startTime: time(start),
  completionTime: time(end),
  conditions: [{ type: 'Succeeded', status: ok ? 'True' : 'False', reason: ok ? 'Succeeded' : 'Failed' }],
});

it('hangs the run below the delivery that asked for it, in the same trace', () => {
  expect(parentOfRun(run)).toBe(`00-${TRACE}-${dispatchSpanIdOf('d-1')}-01`);
  expect(runSpans(run, [])?.spanId).toBe(runSpanIdOf(run));
  expect(run.traceparent).toBe(`00-${TRACE}-${runSpanIdOf(run)}-01`);
  expect(parentOfRun({ ...run, traceparent: '' })).toBeUndefined();
});

it('names the run as the conventions say, with its outcome', () => {
  expect(runSpans(run, [])).toMatchObject({
    name: 'RUN stack-pr-test',
    kind: 'server',
    startedAtMs: at(1),
    endedAtMs: at(60),
    error: 'Failed',
    attributes: {
      'cicd.pipeline.name': 'stack-pr-test',
      'cicd.pipeline.run.id': 'ci/stack-pr-7-abc',
      'cicd.pipeline.result': 'failure',
      'vcs.repository.name': 'api',
      'vcs.owner.name': 'acme',
      'vcs.change.id': '7',
      'vcs.ref.head.revision': 'a'.repeat(40),
    },
  });
});

it('has a span for each task that ran and each step that ended, in order', () => {
  const steps = [
    { name: 'run', terminated: { exitCode: 3, reason: 'Error', startedAt: time(31), finishedAt: time(40) } },
    { name: 'report', waiting: { reason: 'PodInitializing' } },
  ];
  const tree = runSpans(run, [
    taskRun('t', { 'tekton.dev/pipelineTask': 'test' }, { ...ended(30, 50, false), steps }),
    taskRun('b', { 'tekton-dag.io/app': 'api' }, ended(5, 20)),
    taskRun('p', { 'tekton.dev/pipelineTask': 'prepare' }, ended(1, 4)),
    taskRun('never', { 'tekton.dev/pipelineTask': 'cleanup' }, undefined),
  ]);
  expect(tree?.children.map(({ name, error }) => [name, error])).toEqual([
    ['prepare', undefined],
    ['build-app api', undefined],
    ['test', 'Failed'],
  ]);
  expect(tree?.children[2]?.children).toEqual([
    expect.objectContaining({
      name: 'run',
      error: 'Error',
      startedAtMs: at(31),
      endedAtMs: at(40),
      attributes: { 'tekton.step.name': 'run', 'process.exit.code': 3 },
    }),
  ]);
});

it('gives the same ids when it is told again', () => {
  const runs = [taskRun('t', { 'tekton.dev/pipelineTask': 'test' }, ended(1, 2))];
  expect(runSpans(run, runs)).toEqual(runSpans(run, runs));
});

it('has nothing to say of a run that never began', () => {
  expect(runSpans({ ...run, startedAtMs: undefined }, [])).toBeUndefined();
});
