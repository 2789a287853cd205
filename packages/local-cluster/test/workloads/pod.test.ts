/** Pods in a cluster without an API: phases, restarts, environment, volumes, probes, ends. */

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PODS, type ContainerStatus } from '../../src/workloads/specs/workload-objects.ts';
import { isPodReady } from '../../src/workloads/specs/pod-state.ts';
import { createWorkloadRig, shellPod, until, SERVER_SCRIPT, type WorkloadRig } from './workload-rig.ts';

const CONFIG_MAPS = { group: '', resource: 'configmaps' };
const SECRETS = { group: '', resource: 'secrets' };

describe('the phases of a pod', () => {
  it('goes to Running and Ready, and to Succeeded when its container ends well', async () => {
    await using rig = await createWorkloadRig();
    rig.create(PODS, shellPod('once', 'sleep 0.3; echo done', { restartPolicy: 'Never' }));
    await until(() => phaseOf(rig, 'once') === 'Running' && isReady(rig, 'once'));
    await until(() => phaseOf(rig, 'once') === 'Succeeded');
    const { status } = rig.pod('once') ?? {};
    expect(status?.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 0,
      reason: 'Completed',
    });
    expect(status?.conditions?.find((each) => each.type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'PodCompleted',
    });
    expect(rig.log('once')).toBe('done\n');
  });

  it('fails when its container fails and must not be restarted', async () => {
    await using rig = await createWorkloadRig();
    rig.create(PODS, shellPod('bad', 'exit 3', { restartPolicy: 'Never' }));
    await until(() => phaseOf(rig, 'bad') === 'Failed');
    expect(containerOf(rig, 'bad')?.state.terminated).toMatchObject({
      exitCode: 3,
      reason: 'Error',
    });
  });

  it('restarts a failing container at once, then backs off with CrashLoopBackOff', async () => {
    await using rig = await createWorkloadRig();
    rig.create(PODS, shellPod('crash', 'echo life; exit 1'));
    const status = await until(() => {
      const found = containerOf(rig, 'crash');
      return found?.state.waiting?.reason === 'CrashLoopBackOff' && found;
    });
    expect(status.restartCount).toBe(1);
    expect(status.lastState.terminated).toMatchObject({ exitCode: 1 });
    expect(phaseOf(rig, 'crash')).toBe('Running');
    expect(rig.events('crash')).toContain('BackOff: Back-off restarting failed container app');
  });

  it('restarts OnFailure until the container ends well', async () => {
    await using rig = await createWorkloadRig();
    const script = 'if [ -e /data/again ]; then exit 0; fi; touch /data/again; exit 1';
    const mount = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    rig.create(
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
    await using rig = await createWorkloadRig();
    const mounts = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const init = (name: string, script: string) => ({
      name,
      image: 'busybox:1',
      command: ['sh', '-c', script],
      ...mounts,
    });
    rig.create(
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
    expect(rig.log('ordered')).toBe('first\nsecond\n');
  });

  it('fails with the init container that fails', async () => {
    await using rig = await createWorkloadRig();
    const setup = { name: 'setup', image: 'busybox:1', command: ['sh', '-c', 'exit 9'] };
    rig.create(PODS, shellPod('stuck', 'echo never', { restartPolicy: 'Never', initContainers: [setup] }));
    await until(() => phaseOf(rig, 'stuck') === 'Failed');
    expect(containerOf(rig, 'stuck')?.state.waiting?.reason).toBe('PodInitializing');
    const [init] = rig.pod('stuck')?.status?.initContainerStatuses ?? [];
    expect(init?.state.terminated?.exitCode).toBe(9);
  });

  it('says which program to install when the image needs one that is missing', async () => {
    await using rig = await createWorkloadRig();
    rig.create(
      PODS,
      shellPod('absent', '', { restartPolicy: 'Never' }, { image: 'maven:3', command: ['no-such-tool'] }),
    );
    await until(() => phaseOf(rig, 'absent') === 'Failed');
    const terminated = containerOf(rig, 'absent')?.state.terminated;
    expect(terminated?.message).toMatch(/program "no-such-tool" is not on the PATH/);
    expect(rig.events('absent').join('\n')).toMatch(/Failed: Error: image maven:3/);
  });
});

describe('the environment of a pod', () => {
  it('resolves values, references, fields and $(NAME)', async () => {
    await using rig = await createWorkloadRig();
    rig.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: { mode: 'fast', odd: `it's "$(id)"` },
    });
    rig.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token', namespace: 'default' },
      data: { key: Buffer.from('s3cret').toString('base64') },
    });
    const env = [
      { name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'token', key: 'key' } } },
      { name: 'NONE', valueFrom: { secretKeyRef: { name: 'nothing', key: 'key', optional: true } } },
      { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'BOTH', value: '$(MODE)-$(NAME)-$$(MODE)-$(UNKNOWN)' },
    ];
    rig.create(
      PODS,
      shellPod(
        'env',
        '',
        { restartPolicy: 'Never' },
        {
          command: ['printf', '%s\\n'],
          args: ['$(MODE) $(KEY) $(NAME)', '$(BOTH)', '$(PREFIX_odd)', '$(IP)'],
          env,
          envFrom: [{ prefix: 'PREFIX_', configMapRef: { name: 'settings' } }],
        },
      ),
    );
    await until(() => phaseOf(rig, 'env') === 'Succeeded');
    const ip = rig.pod('env')?.status?.podIP;
    expect(rig.log('env')).toBe(`fast s3cret env\nfast-env-$(MODE)-$(UNKNOWN)\nit's "$(id)"\n${ip}\n`);
  });

  it('waits for a missing ConfigMap and says so, and goes on when it comes', async () => {
    await using rig = await createWorkloadRig();
    const env = [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'late', key: 'mode' } } }];
    rig.create(PODS, shellPod('waits', 'echo $MODE', { restartPolicy: 'Never' }, { env }));
    const waiting = await until(() => {
      const state = containerOf(rig, 'waits')?.state.waiting;
      return state?.reason === 'CreateContainerConfigError' && state;
    });
    expect(waiting.message).toBe('configmap "late" not found');
    rig.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'late', namespace: 'default' },
      data: { mode: 'on' },
    });
    await until(() => phaseOf(rig, 'waits') === 'Succeeded');
    expect(rig.log('waits')).toBe('on\n');
  });

  it('gives KUBECONFIG unless the token is not to be mounted', async () => {
    await using rig = await createWorkloadRig();
    rig.create(PODS, shellPod('with', 'echo $KUBECONFIG', { restartPolicy: 'Never' }));
    rig.create(
      PODS,
      shellPod('without', 'echo $KUBECONFIG', {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
      }),
    );
    await until(() => rig.pods().every((pod) => pod.status?.phase === 'Succeeded'));
    expect(rig.log('with')).toContain('kubeconfig-default-default');
    expect(rig.log('without')).toBe('\n');
  });
});

describe('the volumes of a pod', () => {
  it('shows ConfigMaps, Secrets and the downward API as files', async () => {
    await using rig = await createWorkloadRig();
    const binary = Buffer.from([0, 255, 128, 10]);
    rig.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'files', namespace: 'default' },
      data: { 'a.txt': 'ü\n' },
      binaryData: { bin: binary.toString('base64') },
    });
    rig.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token', namespace: 'default' },
      data: { key: Buffer.from('s3cret\n').toString('base64') },
    });
    const volumes = [
      { name: 'config', configMap: { name: 'files' } },
      {
        name: 'secret',
        secret: { secretName: 'token', items: [{ key: 'key', path: 'deep/er/key' }], defaultMode: 0o400 },
      },
      {
        name: 'info',
        downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
      },
    ];
    const volumeMounts = [
      { name: 'config', mountPath: '/etc/config' },
      { name: 'secret', mountPath: '/etc/secret' },
      { name: 'info', mountPath: '/etc/info' },
    ];
    const script =
      'cat /etc/config/a.txt /etc/secret/deep/er/key /etc/info/labels; echo; od -An -tx1 /etc/config/bin; stat -c %a /etc/secret/deep/er/key';
    rig.create(PODS, shellPod('files', script, { restartPolicy: 'Never', volumes }, { volumeMounts }));
    await until(() => phaseOf(rig, 'files') === 'Succeeded');
    expect(rig.log('files')).toBe('ü\ns3cret\napp="files"\n 00 ff 80 0a\n400\n');
  });

  it('keeps an emptyDir over a restart and removes it with the pod', async () => {
    await using rig = await createWorkloadRig();
    const mounts = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    rig.create(
      PODS,
      shellPod(
        'data',
        'echo x >> /data/lives; cat /data/lives; [ $(wc -l < /data/lives) -gt 1 ] && sleep 100; exit 1',
        { volumes: [{ name: 'data', emptyDir: {} }] },
        mounts,
      ),
    );
    await until(() => existsLog(rig, 'data') && rig.log('data') === 'x\nx\n');
    const directory = rig.context.paths.volume(rig.pod('data')?.metadata.uid ?? '', 'data');
    rig.store.delete({ ...PODS, namespace: 'default', name: 'data' });
    await until(() => rig.pod('data') === undefined && !existsSync(directory));
  });

  it('refuses paths that leave the volume', async () => {
    await using rig = await createWorkloadRig();
    rig.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'files', namespace: 'default' },
      data: { key: 'x' },
    });
    const volumes = [
      { name: 'config', configMap: { name: 'files', items: [{ key: 'key', path: '../../escape' }] } },
    ];
    rig.create(PODS, shellPod('escape', 'true', { volumes }));
    await until(() => rig.events('escape').some((event) => event.includes('must stay inside the volume')));
  });
});

describe('the probes of a pod', () => {
  it('is ready when the readiness probe succeeds at the allotted port', async () => {
    await using rig = await createWorkloadRig();
    const probe = {
      readinessProbe: { httpGet: { path: '/healthz', port: 'http' } },
      ports: [{ name: 'http', containerPort: 8080 }],
    };
    rig.create(PODS, shellPod('web', SERVER_SCRIPT, {}, probe));
    await until(() => isReady(rig, 'web'));
  });

  it('is not ready while a command probe fails, and restarts when liveness fails', async () => {
    await using rig = await createWorkloadRig();
    const probe = (command: string) => ({
      exec: { command: ['sh', '-c', command] },
      periodSeconds: 1,
      failureThreshold: 1,
    });
    const container = {
      readinessProbe: probe('exit 1'),
      livenessProbe: { ...probe('echo not well; exit 1'), initialDelaySeconds: 1 },
    };
    rig.create(PODS, shellPod('ill', 'trap "exit 0" TERM; while :; do sleep 0.05; done', {}, container));
    await until(() => (containerOf(rig, 'ill')?.restartCount ?? 0) > 0);
    expect(isReady(rig, 'ill')).toBe(false);
    expect(rig.events('ill').join('\n')).toMatch(/Liveness probe failed: not well/);
    expect(rig.events('ill')).toContain('Killing: Container app failed liveness probe, will be restarted');
  });

  it('says when an app listens on its container port instead of $PORT', async () => {
    await using rig = await createWorkloadRig();
    const port = 30_000 + (process.pid % 2000);
    const script = `exec "${process.execPath}" -e 'require("node:http").createServer().listen(${port}, "0.0.0.0")'`;
    const container = {
      ports: [{ containerPort: port }],
      readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    };
    rig.create(PODS, shellPod('deaf', script, {}, container));
    await until(() =>
      rig
        .pod('deaf')
        ?.status?.message?.includes(`listens on ${port}, but in a local cluster it must listen on $PORT`),
    );
  });
});

describe('the end of a pod', () => {
  it('lets the container end in its own time and then removes the pod', async () => {
    await using rig = await createWorkloadRig();
    rig.create(
      PODS,
      shellPod('ends', 'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.02; done', {
        terminationGracePeriodSeconds: 20,
      }),
    );
    await until(() => existsLog(rig, 'ends') && rig.log('ends').includes('up'));
    rig.store.delete({ ...PODS, namespace: 'default', name: 'ends' });
    expect(rig.pod('ends')?.metadata.deletionTimestamp).toBeDefined();
    await until(() => rig.pod('ends') === undefined);
  });

  it('ends the processes of a pod that is removed at once', async () => {
    await using rig = await createWorkloadRig();
    rig.create(PODS, shellPod('gone', 'exec sleep 1000'));
    const id = await until(() => containerOf(rig, 'gone')?.containerID);
    const pid = id.replace('process://', '');
    rig.store.delete({ ...PODS, namespace: 'default', name: 'gone' }, { gracePeriodSeconds: 0 });
    expect(rig.pod('gone')).toBeUndefined();
    await until(() => !existsSync(`/proc/${pid}`));
  });
});

describe('a restart of the cluster', () => {
  it('starts its pods again, counts the restart and keeps what had ended', async () => {
    const first = await createWorkloadRig();
    first.create(PODS, shellPod('server', 'echo life; exec sleep 1000'));
    first.create(PODS, shellPod('job', 'exit 0', { restartPolicy: 'Never' }));
    first.create(PODS, shellPod('lost', 'exec sleep 1000', { restartPolicy: 'Never' }));
    await until(
      () =>
        ['server', 'lost'].every((name) => first.pod(name)?.status?.phase === 'Running') &&
        phaseOf(first, 'job') === 'Succeeded',
    );
    await first.stop();
    await using second = await createWorkloadRig({ state: first.state });
    await until(() => isReady(second, 'server') && phaseOf(second, 'lost') === 'Failed');
    expect(containerOf(second, 'server')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137 } },
    });
    expect(phaseOf(second, 'job')).toBe('Succeeded');
    expect(containerOf(second, 'lost')?.state.terminated?.exitCode).toBe(137);
  });
});

function existsLog(rig: WorkloadRig, pod: string): boolean {
  return existsSync(rig.context.paths.containerLog(rig.pod(pod)?.metadata.uid ?? '', 'app'));
}

function isReady(rig: WorkloadRig, name: string): boolean {
  const pod = rig.pod(name);
  return pod !== undefined && isPodReady(pod);
}

const phaseOf = (rig: WorkloadRig, name: string): string | undefined => rig.pod(name)?.status?.phase;

const containerOf = (rig: WorkloadRig, name: string): ContainerStatus | undefined =>
  rig.pod(name)?.status?.containerStatuses?.[0];
