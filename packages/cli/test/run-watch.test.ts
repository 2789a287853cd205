/** `tekton-dag run watch`, `run logs` and `run cancel`: runs that go on. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunRig, MAPS, PODS, RUNS, succeeded, until, type RunRig } from './run-rig.ts';

let world: RunRig;
beforeEach(async () => {
  world = await createRunRig();
});
afterEach(() => world[Symbol.asyncDispose]());

/** What changes now is on its way to nobody who watches. */
function unheard(change: () => void): void {
  world.api.stallWatches(true);
  change();
  world.api.stallWatches(false);
}

describe('tekton-dag run watch', () => {
  it('appends each change once when stdout is no terminal, and exits 0 when the run succeeds', async () => {
    world.putRun('r1', succeeded('Unknown', 'Running'));
    const watch = world.rig.start(['run', 'watch', 'r1'], world.cluster);
    await until(() => watch.stdout().includes('r1 running\n'));
    world.putTaskRun('r1', 'prepare', succeeded('True', 'Succeeded'));
    await until(() => watch.stdout().includes('prepare succeeded 4.0s\n'));
    world.putRun('r1', succeeded('True', 'Completed'), { completionTime: '2026-01-02T03:00:05Z' });
    expect(await watch.exited).toEqual({
      code: 0,
      stdout: 'r1 running\nprepare succeeded 4.0s\nr1 succeeded 5.0s (Completed)\n',
      stderr: '',
    });
  });

  it('explains a failed run by step, last lines and lost edge, and exits 1', async () => {
    const steps = [{ name: 'verify', container: 'step-verify', terminated: { exitCode: 1 } }];
    world.putTaskRun('r1', 'verify', succeeded('False', 'Failed'), steps);
    world.api.put(PODS, { metadata: { name: 'r1-verify-pod' } });
    world.api.setLog(`${PODS}/r1-verify-pod`, 'asking demo-fe\nthe header is gone\n');
    const edge = {
      caller: 'release-lifecycle-demo',
      callee: 'demo-api',
      verdict: 'failed',
      detail: 'no header',
    };
    const propagation = { verdict: 'failed', session: 'pr-1-aaaaaa', traceIds: [], edges: [edge], apps: [] };
    world.api.put(MAPS, {
      metadata: { name: 'r1' },
      data: { 'propagation.json': JSON.stringify(propagation) },
    });
    world.putRun('r1', succeeded('False', 'Failed', 'Tasks Completed: 2'), {
      completionTime: '2026-01-02T03:00:05Z',
    });
    const outcome = await world.rig.run(['run', 'watch', 'r1'], world.cluster);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toBe(
      'verify failed 4.0s (Failed)\n' +
        'r1 failed 5.0s (Failed)\n' +
        '\nFailed: Tasks Completed: 2\n' +
        'step verify of verify exited with 1\n' +
        '  | asking demo-fe\n' +
        '  | the header is gone\n' +
        'session lost on release-lifecycle-demo -> demo-api: no header\n',
    );
    expect(world.api.requests.some(({ query }) => query.get('container') === 'step-verify')).toBe(true);
  });

  it('names the step that failed, though the end of the run is heard of before that of the task', async () => {
    const steps = [{ name: 'verify', container: 'step-verify', terminated: { exitCode: 1 } }];
    world.putRun('r1', succeeded('Unknown', 'Running'));
    const watch = world.rig.start(['run', 'watch', 'r1'], world.cluster);
    await until(() => world.api.openWatches === 3);
    unheard(() => world.putTaskRun('r1', 'verify', succeeded('False', 'Failed'), steps));
    const ended = { completionTime: '2026-01-02T03:00:05Z' };
    world.putRun('r1', succeeded('False', 'Failed', 'Tasks Completed: 1'), ended);
    expect(await watch.exited).toMatchObject({
      code: 1,
      stdout:
        'r1 running\nverify failed 4.0s (Failed)\nr1 failed 5.0s (Failed)\n' +
        '\nFailed: Tasks Completed: 1\nstep verify of verify exited with 1\n',
    });
  });

  it('goes on through a cut connection', async () => {
    world.putRun('r1', succeeded('Unknown', 'Running'));
    const watch = world.rig.start(['run', 'watch', 'r1'], world.cluster);
    await until(() => world.api.openWatches === 3);
    world.api.cutWatches();
    world.putRun('r1', succeeded('True', 'Succeeded'));
    expect(await watch.exited).toMatchObject({ code: 0 });
  });

  it('ends with 130 on Ctrl-C and leaves the run alone', async () => {
    world.putRun('r1', succeeded('Unknown', 'Running'));
    const watch = world.rig.start(['run', 'watch', 'r1'], world.cluster);
    await until(() => watch.stdout().includes('r1 running\n'));
    watch.child.kill('SIGINT');
    expect(await watch.exited).toMatchObject({ code: 130 });
    expect(world.api.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('exits 1 when the run is deleted', async () => {
    world.putRun('r1', succeeded('Unknown', 'Running'));
    const watch = world.rig.start(['run', 'watch', 'r1'], world.cluster);
    await until(() => watch.stdout().includes('r1 running\n'));
    world.api.remove(RUNS, 'r1');
    expect(await watch.exited).toMatchObject({ code: 1, stderr: 'error: the run r1 was deleted\n' });
  });
});

describe('tekton-dag run logs', () => {
  it('prints the steps of the tasks that are wanted, each line with where it is from', async () => {
    const steps = [
      { name: 'clone', container: 'step-clone', terminated: { exitCode: 0 } },
      { name: 'plan', container: 'step-plan', terminated: { exitCode: 0 } },
    ];
    world.putRun('r1', succeeded('True', 'Succeeded'));
    world.putTaskRun('r1', 'prepare', succeeded('True', 'Succeeded'), steps);
    world.putTaskRun('r1', 'cleanup', succeeded('True', 'Succeeded'), [
      { name: 'gone', terminated: { exitCode: 0 } },
    ]);
    world.api.put(PODS, { metadata: { name: 'r1-prepare-pod' } });
    world.api.setLog(`${PODS}/r1-prepare-pod`, 'one\ntwo\n');
    const all = await world.rig.run(['run', 'logs', 'r1'], world.cluster);
    expect(all.code).toBe(0);
    expect(all.stdout).toContain('[prepare clone] one\n[prepare clone] two\n[prepare plan] one\n');
    expect(all.stderr).toContain('no log of cleanup gone');
    const one = await world.rig.run(
      ['run', 'logs', 'r1', '--task', 'prepare', '--step', 'plan'],
      world.cluster,
    );
    expect(one).toEqual({ code: 0, stdout: '[prepare plan] one\n[prepare plan] two\n', stderr: '' });
  });
});

describe('tekton-dag run logs --follow', () => {
  it('prints the last step too, though the end of the run is heard of first', async () => {
    world.putRun('r1', succeeded('Unknown', 'Running'));
    world.api.put(PODS, { metadata: { name: 'r1-cleanup-pod' } });
    world.api.setLog(`${PODS}/r1-cleanup-pod`, 'all gone\n');
    const logs = world.rig.start(['run', 'logs', '-f', 'r1'], world.cluster);
    await until(() => world.api.openWatches === 3);
    const steps = [{ name: 'clean', container: 'step-clean', terminated: { exitCode: 0 } }];
    unheard(() => world.putTaskRun('r1', 'cleanup', succeeded('True', 'Succeeded'), steps));
    world.putRun('r1', succeeded('True', 'Succeeded'));
    expect(await logs.exited).toEqual({ code: 0, stdout: '[cleanup clean] all gone\n', stderr: '' });
  });
});

describe('tekton-dag run cancel', () => {
  it('asks Tekton to end the run and still clean up', async () => {
    world.putRun('r1', succeeded('Unknown', 'Running'));
    const outcome = await world.rig.run(['run', 'cancel', 'r1'], world.cluster);
    expect(outcome).toEqual({ code: 0, stdout: 'pipelinerun.tekton.dev/r1 cancelled\n', stderr: '' });
    expect(world.api.get(RUNS, 'r1')).toMatchObject({ spec: { status: 'CancelledRunFinally' } });
    await world.rig.run(['run', 'cancel', 'r1', '--now'], world.cluster);
    expect(world.api.get(RUNS, 'r1')).toMatchObject({ spec: { status: 'Cancelled' } });
  });

  it('leaves a run that is done as it is', async () => {
    world.putRun('r1', succeeded('False', 'Failed'));
    const outcome = await world.rig.run(['run', 'cancel', 'r1'], world.cluster);
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: 'r1 is failed already.\n' });
  });
});
