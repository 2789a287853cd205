import { describe, expect, it } from 'vitest';
import type { Condition } from './condition.ts';
import type { PipelineRun } from './pipeline-run.ts';
import { renderContinuedRun } from './render-continued-run.ts';
import { renderPipelineRun } from './render-pipeline-run.ts';

const FAILED: Condition = { type: 'Succeeded', status: 'False', reason: 'Failed' };

function runWith(condition: Condition | undefined, mode: 'pr' | 'merge' = 'pr'): PipelineRun {
  const run = renderPipelineRun({
    name: 'stack-pr-7-abcdefgh',
    namespace: 'team-a',
    mode,
    params: { 'pr-number': '7', 'intercept-backend': 'gateway', 'pre-test-task': 'seed' },
    labels: {
      'tekton-dag.io/team': 'a',
      'tekton-dag.io/session': 'pr-7-k3v9qz',
      'tekton-dag.io/pull-request': '7',
      'tekton.dev/pipeline': 'stack-pr-test',
    },
    annotations: { 'tekton-dag.io/sha': 'f00', 'tekton-dag.io/delivery': 'd-1' },
    workspaces: [{ name: 'ssh-key', secret: { secretName: 'key' } }],
    timeouts: { pipeline: '2h' },
    serviceAccountName: 'ours',
  });
  return condition === undefined ? run : { ...run, status: { conditions: [condition] } };
}

const refusalOf = (run: PipelineRun): string => {
  const rendered = renderContinuedRun(run, { attempt: 1 });
  return rendered.ok ? 'rendered' : rendered.error.reason;
};

function continued(from: PipelineRun, attempt = 1): PipelineRun {
  const rendered = renderContinuedRun(from, { attempt, params: { 'post-test-task': 'tell' } });
  if (!rendered.ok) throw new Error(rendered.error.message);
  return rendered.value;
}

describe('renderContinuedRun', () => {
  it('takes over who the run is for, how it runs and the params that do not only make the plan', () => {
    const run = continued(runWith(FAILED));
    const { name = '' } = run.metadata;
    expect(name).toMatch(/^stack-continue-7-[0-9a-z]{8}$/);
    expect(run.metadata).toEqual({
      name,
      namespace: 'team-a',
      labels: {
        'app.kubernetes.io/managed-by': 'tekton-dag',
        'tekton-dag.io/run': name,
        'tekton-dag.io/mode': 'continue',
        'tekton-dag.io/team': 'a',
        'tekton-dag.io/session': 'pr-7-k3v9qz',
        'tekton-dag.io/pull-request': '7',
      },
      annotations: { 'tekton-dag.io/sha': 'f00' },
    });
    expect(run.spec).toEqual({
      pipelineRef: { name: 'stack-pr-continue' },
      params: [
        { name: 'continue-from', value: 'stack-pr-7-abcdefgh' },
        { name: 'intercept-backend', value: 'gateway' },
        { name: 'post-test-task', value: 'tell' },
        { name: 'pre-test-task', value: 'seed' },
      ],
      workspaces: [{ name: 'ssh-key', secret: { secretName: 'key' } }],
      timeouts: { pipeline: '2h' },
      taskRunTemplate: { serviceAccountName: 'ours' },
    });
  });

  it('names each attempt and each continued run anew, and the same attempt the same', () => {
    const failed = runWith(FAILED);
    const first = continued(failed);
    const next = continued({ ...first, status: { conditions: [FAILED] } });
    const names = [first, continued(failed, 2), next].map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(3);
    expect(continued(failed).metadata.name).toBe(first.metadata.name);
  });

  it('refuses a run that is of another mode, has not ended, or has succeeded', () => {
    expect(refusalOf(runWith(FAILED, 'merge'))).toBe('other-mode');
    expect(refusalOf(runWith(undefined))).toBe('not-finished');
    expect(refusalOf(runWith({ type: 'Succeeded', status: 'Unknown' }))).toBe('not-finished');
    expect(refusalOf(runWith({ type: 'Succeeded', status: 'True' }))).toBe('succeeded');
    const cancelled: Condition = { type: 'Succeeded', status: 'False', reason: 'Cancelled' };
    expect(refusalOf(runWith(cancelled))).toBe('rendered');
  });

  it('knows a run without labels by its pipeline', () => {
    const unlabelled = (name: string): PipelineRun => ({
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: { name: 'by-hand', namespace: 'n' },
      spec: { pipelineRef: { name } },
      status: { conditions: [FAILED] },
    });
    expect(refusalOf(unlabelled('stack-pr-test'))).toBe('rendered');
    expect(refusalOf(unlabelled('stack-bootstrap'))).toBe('other-mode');
    expect(refusalOf(unlabelled('mine'))).toBe('other-mode');
  });
});
