/** The life of a pod: phases, restarts, probes, its end. */

import { describe, expect, it } from 'vitest';
import { PODS } from '../../src/workloads/specs/workload-objects.ts';
import { containerOf, isReady, phaseOf } from './pod-facts.ts';
import { serverCommand, shellPod, SLEEP } from './workload-rig.ts';
import { until } from './until.ts';
import { useWorkloads } from './workload-suite.ts';

const openRig = useWorkloads();

describe('the phases of a pod', () => {
  it('goes to Running and Ready, and to Succeeded when its container ends well', async () => {
    await using rig = await openRig();
    const phasesWhenReady = new Set<string | undefined>();
    const unwatch = rig.watch(PODS, () => {
      if (isReady(rig, 'once')) phasesWhenReady.add(phaseOf(rig, 'once'));
    });
    await rig.create(PODS, shellPod('once', 'sleep 2; echo done', { restartPolicy: 'Never' }));
    await until(() => phaseOf(rig, 'once') === 'Succeeded');
    unwatch();
    expect([...phasesWhenReady]).toEqual(['Running']);
    const { status } = rig.pod('once') ?? {};
    expect(status?.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    });
    expect(status?.conditions?.find((each) => each.type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'PodCompleted',
    });
    expect(await rig.log('once')).toBe('done\n');
  });

  it('fails when its container fails and must not be restarted', async () => {
    await using rig = await openRig();
    await rig.create(PODS, shellPod('bad', 'exit 3', { restartPolicy: 'Never' }));
    await until(() => phaseOf(rig, 'bad') === 'Failed');
    expect(containerOf(rig, 'bad')?.state.terminated).toMatchObject({
      exitCode: 3,
      reason: 'Error',
    });
  });

  it('restarts a failing container at once, then backs off with CrashLoopBackOff', async () => {
    await using rig = await openRig();
    await rig.create(PODS, shellPod('crash', 'echo life; exit 1'));
    const status = await until(() => {
      const found = containerOf(rig, 'crash');
      return found?.state.waiting?.reason === 'CrashLoopBackOff' && found;
    });
    expect(status.restartCount).toBe(1);
    expect(status.lastState.terminated).toMatchObject({ exitCode: 1 });
    expect(phaseOf(rig, 'crash')).toBe('Running');
    const event = 'BackOff: Back-off restarting failed container app';
    await until(() => rig.events('crash').some((each) => each.startsWith(event)));
  });

  it('restarts OnFailure until the container ends well', async () => {
    await using rig = await openRig();
    const script = 'if [ -e /data/again ]; then exit 0; fi; touch /data/again; exit 1';
    const mount = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    await rig.create(
      PODS,
      shellPod(
        'again',
        script,
        { restartPolicy: 'OnFailure', volumes: [{ name: 'data', emptyDir: {} }] },
        mount,
      ),
    );
    await until(() => phaseOf(rig, 'again') === 'Succeeded');
    expect(containerOf(rig, 'again')?.restartCount).toBe(1);
  });

  it('runs init containers one after the other before the others', async () => {
    await using rig = await openRig();
    const mounts = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const init = (name: string, script: string) => ({
      name,
      image: 'busybox:1',
      command: ['sh', '-c', script],
      ...mounts,
    });
    await rig.create(
      PODS,
      shellPod(
        'ordered',
        'cat /data/order',
        {
          restartPolicy: 'Never',
          volumes: [{ name: 'data', emptyDir: {} }],
          initContainers: [
            init('first', 'echo first >> /data/order'),
            init('second', 'echo second >> /data/order'),
          ],
        },
        mounts,
      ),
    );
    await until(() => phaseOf(rig, 'ordered') === 'Succeeded');
    expect(await rig.log('ordered')).toBe('first\nsecond\n');
  });

  it('fails with the init container that fails', async () => {
    await using rig = await openRig();
    const setup = { name: 'setup', image: 'busybox:1', command: ['sh', '-c', 'exit 9'] };
    await rig.create(
      PODS,
      shellPod('stuck', 'echo never', { restartPolicy: 'Never', initContainers: [setup] }),
    );
    await until(() => phaseOf(rig, 'stuck') === 'Failed');
    expect(containerOf(rig, 'stuck')?.state.waiting?.reason).toBe('PodInitializing');
    const [init] = rig.pod('stuck')?.status?.initContainerStatuses ?? [];
    expect(init?.state.terminated?.exitCode).toBe(9);
  });
});

describe('the probes of a pod', () => {
  it('is ready when the readiness probe succeeds', async () => {
    await using rig = await openRig();
    const probe = {
      readinessProbe: { httpGet: { path: '/', port: 'http' } },
      ports: [{ name: 'http', containerPort: 8080 }],
    };
    const container = { ...probe, command: serverCommand(8080) };
    await rig.create(PODS, shellPod('web', '', {}, container));
    await until(() => isReady(rig, 'web'));
  });

  it('is not ready while a command probe fails, and restarts when liveness fails', async () => {
    await using rig = await openRig();
    const probe = (command: string) => ({
      exec: { command: ['sh', '-c', command] },
      periodSeconds: 1,
      failureThreshold: 1,
    });
    const container = {
      readinessProbe: probe('exit 1'),
      livenessProbe: { ...probe('echo not well; exit 1'), initialDelaySeconds: 1 },
    };
    await rig.create(PODS, shellPod('ill', SLEEP, {}, container));
    await until(() => (containerOf(rig, 'ill')?.restartCount ?? 0) > 0);
    expect(isReady(rig, 'ill')).toBe(false);
    await until(() => rig.events('ill').some((event) => event.includes('Liveness probe failed: not well')));
    const event = 'Killing: Container app failed liveness probe, will be restarted';
    await until(() => rig.events('ill').includes(event));
  });
});

describe('the end of a pod', () => {
  it('may come while a command probe runs', async () => {
    await using rig = await openRig();
    const readinessProbe = {
      exec: { command: ['sh', '-c', 'echo begun; sleep 1; exit 1'] },
      timeoutSeconds: 5,
    };
    const pod = shellPod('probed', SLEEP, { terminationGracePeriodSeconds: 0 }, { readinessProbe });
    await rig.create(PODS, pod);
    await until(() => containerOf(rig, 'probed')?.state.running !== undefined);
    await rig.remove(PODS, 'probed');
    await until(() => rig.pod('probed') === undefined);
    // Longer than the probe that was running then.
    const after = { readinessProbe: { exec: { command: ['true'] }, initialDelaySeconds: 2 } };
    await rig.create(PODS, shellPod('after', SLEEP, {}, after));
    await until(() => isReady(rig, 'after'));
  });

  it('lets the container end in its own time and then removes the pod', async () => {
    await using rig = await openRig();
    await rig.create(
      PODS,
      shellPod('ends', 'trap "sleep 0.5; exit 0" TERM; echo up; while :; do sleep 0.02; done', {
        terminationGracePeriodSeconds: 20,
      }),
    );
    await expect.poll(() => rig.log('ends'), { timeout: 60_000 }).toContain('up');
    let wasEnding = false;
    const unwatch = rig.watch(PODS, () => {
      wasEnding ||= rig.pod('ends')?.metadata.deletionTimestamp !== undefined;
    });
    await rig.remove(PODS, 'ends');
    await until(() => rig.pod('ends') === undefined);
    unwatch();
    expect(wasEnding).toBe(true);
  });
});
