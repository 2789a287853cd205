import { LABEL, type TaskRun } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { failedStepsOf } from './failed-steps.ts';
import { lostEdgesOf } from './lost-edges.ts';

const failed: TaskRun = {
  apiVersion: 'tekton.dev/v1',
  kind: 'TaskRun',
  metadata: { name: 'r-build-demo-api', labels: { [LABEL.app]: 'demo-api' } },
  spec: {},
  status: {
    podName: 'r-build-demo-api-pod',
    conditions: [{ type: 'Succeeded', status: 'False', reason: 'Failed' }],
    steps: [
      { name: 'fetch', container: 'step-fetch', terminated: { exitCode: 0 } },
      { name: 'compile', container: 'step-compile', terminated: { exitCode: 7 } },
      { name: 'image', container: 'step-image', terminated: { exitCode: 1, reason: 'Error' } },
    ],
  },
};

describe('failedStepsOf', () => {
  it('names the first bad step and not the ones that Tekton skipped after it', () => {
    expect(failedStepsOf([failed])).toEqual([
      {
        task: 'r-build-demo-api (demo-api)',
        step: 'compile',
        exitCode: 7,
        pod: 'r-build-demo-api-pod',
        container: 'step-compile',
      },
    ]);
  });

  it('leaves out a task that succeeded although a step failed and was to be ignored', () => {
    const status = { ...failed.status, conditions: [{ type: 'Succeeded', status: 'True' as const }] };
    expect(failedStepsOf([{ ...failed, status }])).toEqual([]);
  });
});

describe('lostEdgesOf', () => {
  const edge = { caller: 'release-lifecycle-demo', callee: 'demo-api', detail: 'came without the header' };
  const verdict = (edges: readonly object[]): string =>
    JSON.stringify({ verdict: 'failed', session: 'pr-1-aaaaaa', traceIds: [], edges, apps: [] });

  it('gives the edges that failed, with the reason', () => {
    const text = verdict([
      { ...edge, caller: 'demo-fe', callee: 'release-lifecycle-demo', verdict: 'passed' },
      { ...edge, verdict: 'failed' },
    ]);
    expect(lostEdgesOf(text)).toMatchObject([edge]);
  });

  it('gives none for a record that is not there or cannot be read', () => {
    expect(lostEdgesOf(undefined)).toEqual([]);
    expect(lostEdgesOf('{"edges": 1')).toEqual([]);
    expect(lostEdgesOf('{"edges": [{"verdict": "failed"}]}')).toEqual([]);
  });
});
