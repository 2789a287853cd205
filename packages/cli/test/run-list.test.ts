/** `tekton-dag run list` and `run get`, also of clusters that cannot be used. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunRig, succeeded, type RunRig } from './run-rig.ts';

let world: RunRig;
beforeEach(async () => {
  world = await createRunRig();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('tekton-dag run list and get', () => {
  it('print runs as a table, as names and as JSON', async () => {
    world.putRun('r1', succeeded('True', 'Completed'), { completionTime: '2026-01-02T03:00:12Z' });
    const table = await world.rig.run(['run', 'list'], world.cluster);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    const [head = '', row = ''] = table.stdout.split('\n');
    expect(head).toMatch(/^NAME +MODE +STACK +APP +PR +STATUS +AGE +DURATION$/);
    expect(row).toMatch(/^r1 +pr +stack-one +demo-api +42 +succeeded +\d+\w+ +12.0s$/);
    expect((await world.rig.run(['run', 'get', 'r1', '-o', 'name'], world.cluster)).stdout).toBe(
      'pipelinerun.tekton.dev/r1\n',
    );
    const json = await world.rig.run(['run', 'list', '-A', '-o', 'json'], world.cluster);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'List', items: [{ metadata: { name: 'r1' } }] });
  });

  it('ask the server only for the runs that are wanted', async () => {
    await world.rig.run(['run', 'list', '--team', 'payments', '--pr', '7', '-n', 'other'], world.cluster);
    expect(world.api.requests[0]).toMatchObject({
      path: '/apis/tekton.dev/v1/namespaces/other/pipelineruns',
    });
    expect(world.api.requests[0]?.query.get('labelSelector')).toBe(
      'tekton-dag.io/team=payments,tekton-dag.io/pull-request=7',
    );
  });

  it('say on stderr that there is nothing, and keep stdout empty', async () => {
    expect(await world.rig.run(['run', 'list'], world.cluster)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No runs found in namespace ci.\n',
    });
  });

  it('exit 3 for a run that does not exist', async () => {
    expect(await world.rig.run(['run', 'get', 'ghost'], world.cluster)).toEqual({
      code: 3,
      stdout: '',
      stderr: 'error: there is no run ghost in namespace ci\nhint: list runs with `tekton-dag run list -A`\n',
    });
  });
});

describe('a cluster that cannot be used', () => {
  it('gives exit code 4 and one line of explanation when nobody listens', async () => {
    await world.api[Symbol.asyncDispose]();
    const outcome = await world.rig.run(['run', 'list'], world.cluster);
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toMatch(/^error: the cluster cannot be reached: .*ECONNREFUSED.*\nhint: .*\n$/);
  });

  it('gives exit code 4 when there is no kubeconfig, and when the API refuses', async () => {
    const none = await world.rig.run(['run', 'list']);
    expect(none.code).toBe(4);
    expect(none.stderr).toContain('no kubeconfig at');
    expect(none.stderr).toContain('eval "$(tekton-dag local up)"');
    world.api.failNext({ status: 403, reason: 'Forbidden' });
    const refused = await world.rig.run(['run', 'list'], world.cluster);
    expect(refused).toMatchObject({ code: 4, stderr: 'error: the cluster refused: refused: Forbidden\n' });
  });

  it('gives exit code 3 for a kubeconfig that is none', async () => {
    const path = await world.rig.file('rubbish', 'a: [');
    const outcome = await world.rig.run(['run', 'list', '--kubeconfig', path]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain('is not a kubeconfig');
  });
});
