/** A run that failed at a hook between its tasks is continued on the local cluster: the gate is not left out. */

import { kinds } from '@tekton-dag/kube';
import type { Task } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { explainOutcome } from './rig/explain-outcome.ts';
import type { RunOutcome } from './rig/run-outcome.ts';
import { createStackRig, RUN_NAMESPACE, type StackRig } from './rig/stack-rig.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

let rig: StackRig;

/** The hook that the runs name: it succeeds when `script` does. */
async function applyGate(script: string): Promise<void> {
  const gate: Task = {
    apiVersion: 'tekton.dev/v1',
    kind: 'Task',
    metadata: { name: 'gate', namespace: RUN_NAMESPACE },
    spec: {
      params: [{ name: 'run-name' }],
      steps: [{ name: 'say', image: 'busybox', command: ['sh', '-c', script] }],
    },
  };
  const tasks = rig.cluster.client.resource<Task>(kinds.tasks, RUN_NAMESPACE);
  await tasks.apply(gate, { fieldManager: 'test', force: true });
}

const taskNamesOf = ({ taskRuns }: RunOutcome): string[] =>
  taskRuns.flatMap(({ spec }) => spec.taskRef?.name ?? []).toSorted();

beforeAll(async () => {
  rig = await createStackRig();
  await rig.pushApp('solo');
  await rig.writeStack({ name: 'gated', apps: { solo: {} } });
  const outcome = await rig.run('bootstrap', 'gated');
  expect(outcome.succeeded, explainOutcome(outcome)).toBe(true);
});
afterAll(async () => {
  expect(await rig.end()).toEqual([]);
});

describe('a run that failed at a hook', () => {
  it.each([
    ['post-build-task', 'build', ['prepare-continue', 'build', 'hook', 'gate']],
    ['pre-test-task', 'deploy', ['prepare-continue', 'hook', 'gate']],
  ])('passes it when it is continued: %s', async (param, restartAt, before) => {
    await applyGate('echo closed; exit 1');
    const sha = await rig.pushApp('solo', { 'behaviour.json': `{"version":"${param}"}` }, param);
    const change = ['--app', 'solo', '--pr', '3', '--sha', sha, '--param', `${param}=gate`];
    const failed = await rig.run('pr', 'gated', ...change);
    expect(failed).toMatchObject({ succeeded: false, reason: 'Failed' });
    await applyGate('echo open');
    const created = await rig.cli('run', 'rerun', failed.name, '-n', RUN_NAMESPACE);
    expect(created, created.stderr).toMatchObject({ exitCode: 0 });
    const outcome = await rig.finish(created.stdout.trim().replace(/^.*\//, ''));
    expect(outcome.succeeded, explainOutcome(outcome)).toBe(true);
    expect(JSON.parse(outcome.record['continued.json'] ?? '{}')).toEqual({ from: failed.name, restartAt });
    const after = ['deploy-intercepts-gateway', 'test', 'cleanup'];
    expect(taskNamesOf(outcome)).toEqual([...before, ...after].toSorted());
  });
});
