import type { PipelineRun } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import { describeRun } from './describe-run.ts';

function run(status: NonNullable<PipelineRun['status']>): PipelineRun {
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: { name: 'r', namespace: 'ns', creationTimestamp: '2026-01-02T03:04:05Z' },
    spec: { pipelineRef: { name: 'stack-pr-test' } },
    status,
  };
}

describe('describeRun', () => {
  it.each([
    ['True', 'Succeeded', 'succeeded'],
    ['True', 'Completed', 'succeeded'],
    ['False', 'Failed', 'failed'],
    ['False', 'PipelineRunTimeout', 'failed'],
    ['False', 'Cancelled', 'cancelled'],
    ['False', 'CancelledRunningFinally', 'cancelled'],
    ['Unknown', 'Running', 'running'],
  ] as const)('takes a condition %s with reason %s for %s', (status, reason, state) => {
    expect(describeRun(run({ conditions: [{ type: 'Succeeded', status, reason }] }))).toMatchObject({
      state,
      reason,
    });
  });

  it('survives a run that somebody made by hand, without a label', () => {
    expect(describeRun(run({}))).toMatchObject({
      state: 'running',
      team: '',
      pullRequest: undefined,
      createdAtMs: 1767323045000,
    });
  });
});
