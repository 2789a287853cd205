import { LABEL, type TaskRun } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { runRecord } from '../testing/run-record.ts';
import { parseRunEvidence } from './run-evidence.ts';
import { summarizeEvidence, type RunRemains } from './summarize-evidence.ts';

const remainsOf = (record: RunRemains['record'], message = ''): RunRemains => ({
  record,
  message,
  taskRuns: [],
});

const reportOf = (cases: string): string => `<testsuite name="items">${cases}</testsuite>`;
const failingAt = (file: string) =>
  summarizeEvidence(
    remainsOf(
      runRecord({
        failingReport: reportOf(`<testcase name="lists" file="${file}" line="3"><failure/></testcase>`),
      }),
    ),
  ).testFailures.map(({ place }) => place);

describe('summarizeEvidence', () => {
  it('keeps what was built, which edges were crossed, and what the tests said', () => {
    expect(summarizeEvidence(remainsOf(runRecord(), 'Tasks Completed: 5'))).toEqual({
      message: 'Tasks Completed: 5',
      failedTasks: [],
      images: [{ app: 'demo-api', changed: true, reused: false }],
      edges: [
        {
          caller: 'demo-fe',
          callee: 'demo-api',
          verdict: 'passed',
          detail: 'session came with x-dev-session',
        },
      ],
      appFailures: [],
      propagation: 'passed',
      tests: [
        {
          app: 'demo-api',
          program: 'command',
          outcome: 'passed',
          tests: 3,
          failures: 0,
          durationMs: 1_500,
          detail: '',
        },
      ],
      testFailures: [],
      released: [],
    });
  });

  it('names the tasks that failed, and the app of a build', () => {
    const taskRun = (labels: Record<string, string>, status: 'True' | 'False'): TaskRun => ({
      apiVersion: 'tekton.dev/v1',
      kind: 'TaskRun',
      metadata: { name: 'x', labels: { [LABEL.app]: 'demo-api', ...labels } },
      spec: {},
      status: { conditions: [{ type: 'Succeeded', status, message: '"step-compile" exited with code 1' }] },
    });
    const taskRuns = [
      taskRun({ 'tekton.dev/pipelineTask': 'build' }, 'False'),
      taskRun({ 'tekton.dev/task': 'build-app' }, 'False'),
      taskRun({ 'tekton.dev/pipelineTask': 'prepare' }, 'True'),
    ];
    expect(summarizeEvidence({ ...remainsOf(undefined), taskRuns }).failedTasks).toEqual([
      { task: 'build', app: '', message: '"step-compile" exited with code 1' },
      { task: 'build-app', app: 'demo-api', message: '"step-compile" exited with code 1' },
    ]);
  });

  it('makes do with the parts of a record that are there and sound', () => {
    expect(summarizeEvidence(remainsOf(undefined, 'gone'))).toMatchObject({
      message: 'gone',
      images: [],
      edges: [],
    });
    const broken = { ...runRecord(), 'propagation.json': '{', 'images.json': '[]' };
    expect(summarizeEvidence(remainsOf(broken))).toMatchObject({
      images: [],
      edges: [],
      tests: [{ app: 'demo-api' }],
    });
  });

  it('places failing tests in their repository, below the directory of the app', () => {
    const repository = 'acme/demo-api';
    expect(failingAt('./test/a.test.ts')).toEqual([
      { repository, path: 'services/api/test/a.test.ts', line: 3 },
    ]);
    expect(failingAt('services/api/test/a.test.ts')).toEqual([
      { repository, path: 'services/api/test/a.test.ts', line: 3 },
    ]);
  });

  it.each(['/etc/passwd', '../other/secret.ts', 'a/../../b', '.', ''])('places nothing at %j', (file) => {
    expect(failingAt(file)).toEqual([undefined]);
  });

  it('stays small and readable, whatever the tests wrote', () => {
    const failure = `<testcase name="${'n'.repeat(5_000)}"><failure>${'\u001B[31mx'.repeat(20_000)}</failure></testcase>`;
    const evidence = summarizeEvidence(
      remainsOf(runRecord({ failingReport: reportOf(failure.repeat(200)) }), 'm'.repeat(9_000)),
    );
    const text = JSON.stringify(evidence);
    expect(text.length).toBeLessThan(100_000);
    expect(text).not.toContain('\\u001b');
    expect(parseRunEvidence(text)).toEqual(evidence);
  });
});
