import { err, ok } from '@tekton-dag/model';
import { describe, expect, it } from 'vitest';
import type { PipelineRun } from '../specs/read-run.ts';
import type { TaskSpec } from '../specs/task-spec.ts';
import { findMissingWorkspace } from './find-missing-workspace.ts';
import type { Definitions } from './pipeline-definitions.ts';

const run: PipelineRun = {
  name: 'r',
  namespace: 'n',
  uid: 'u',
  labels: {},
  annotations: {},
  creationTimestamp: '',
  spec: {},
  status: {},
};
const task = { name: 'fetch', taskRef: { resolver: 'git' }, workspaces: [{ name: 'ssh-key' }] };
const knowing = (spec: TaskSpec | undefined): Definitions => ({
  pipeline: () => err('not asked'),
  task: () => (spec === undefined ? err('not fetched yet') : ok(spec)),
});

describe('a workspace that the run was not given', () => {
  it('ends the run when the task needs it', () => {
    const found = findMissingWorkspace(run, task, knowing({ workspaces: [{ name: 'ssh-key' }] }));
    expect(found?.message).toContain('expected workspace "ssh-key"');
  });

  it('is fine when the task can do without', () => {
    const spec = { workspaces: [{ name: 'ssh-key', optional: true }] };
    expect(findMissingWorkspace(run, task, knowing(spec))).toBeUndefined();
  });

  it('is left to the task to judge when that is not at hand, as after a restart', () => {
    expect(findMissingWorkspace(run, task, knowing(undefined))).toBeUndefined();
  });
});
