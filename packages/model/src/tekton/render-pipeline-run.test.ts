import { describe, expect, it } from 'vitest';
import { renderPipelineRun } from './render-pipeline-run.ts';

describe('renderPipelineRun', () => {
  it('renders a pending run of the mode with sorted params and our labels', () => {
    const run = renderPipelineRun({
      name: 'stack-pr-7-abcdefgh',
      namespace: 'team-a',
      mode: 'pr',
      params: { 'pr-number': '7', 'changed-app': 'demo-api' },
      labels: { 'tekton-dag.io/team': 'a', 'tekton-dag.io/mode': 'forged' },
      annotations: { 'tekton-dag.io/sha': 'f00' },
      pending: true,
    });
    expect(run).toEqual({
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: {
        name: 'stack-pr-7-abcdefgh',
        namespace: 'team-a',
        labels: {
          'app.kubernetes.io/managed-by': 'tekton-dag',
          'tekton-dag.io/run': 'stack-pr-7-abcdefgh',
          'tekton-dag.io/team': 'a',
          'tekton-dag.io/mode': 'pr',
        },
        annotations: { 'tekton-dag.io/sha': 'f00' },
      },
      spec: {
        pipelineRef: { name: 'stack-pr-test' },
        status: 'PipelineRunPending',
        params: [
          { name: 'changed-app', value: 'demo-api' },
          { name: 'pr-number', value: '7' },
        ],
        taskRunTemplate: { serviceAccountName: 'tekton-dag-pipeline' },
      },
    });
  });

  it('leaves out what is not asked for', () => {
    const run = renderPipelineRun({
      name: 'r',
      namespace: 'n',
      mode: 'bootstrap',
      pipeline: 'p',
      params: {},
    });
    expect(run.spec).toEqual({
      pipelineRef: { name: 'p' },
      params: [],
      taskRunTemplate: { serviceAccountName: 'tekton-dag-pipeline' },
    });
    expect(run.metadata.annotations).toBeUndefined();
  });
});
