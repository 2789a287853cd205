/** Pods as the local cluster makes them: processes and directories of the host. */

import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PODS, type ContainerStatus } from '../../src/workloads/specs/workload-objects.ts';
import { isPodReady } from '../../src/workloads/specs/pod-state.ts';
import { describeLocally } from '../local-only.ts';
import { createLocalRig, shellPod, type LocalRig } from './local-rig.ts';
import { until } from './until.ts';
import { CONFIG_MAPS, SECRETS } from './workload-rig.ts';

describeLocally('pods as processes of the host', () => {
  it('say which program to install when the image needs one that is missing', async () => {
    await using rig = await createLocalRig();
    rig.create(
      PODS,
      shellPod('absent', '', { restartPolicy: 'Never' }, { image: 'maven:3', command: ['no-such-tool'] }),
    );
    await until(() => phaseOf(rig, 'absent') === 'Failed');
    const terminated = containerOf(rig, 'absent')?.state.terminated;
    expect(terminated?.message).toMatch(/program "no-such-tool" is not on the PATH/);
    expect(rig.events('absent').join('\n')).toMatch(/Failed: Error: image maven:3/);
  });

  it('get KUBECONFIG unless the token is not to be mounted', async () => {
    await using rig = await createLocalRig();
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

  it('remove their emptyDir with them', async () => {
    await using rig = await createLocalRig();
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

  it('see a ConfigMap and a Secret change, all files of one at once', async () => {
    await using rig = await createLocalRig();
    const configMap = (text: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'teams', namespace: 'default' },
      data: { a: text, b: text, [text]: 'x' },
    });
    rig.create(CONFIG_MAPS, configMap('old'));
    rig.create(SECRETS, secretOf('first'));
    const items = ['a', 'b'].map((key) => ({ key, path: `deep/${key}` }));
    const sources = [{ configMap: { name: 'teams', items } }, { secret: { name: 'token' } }];
    const volumes = [
      { name: 'config', configMap: { name: 'teams' } },
      { name: 'all', projected: { sources } },
    ];
    const volumeMounts = [
      { name: 'config', mountPath: '/etc/config' },
      { name: 'all', mountPath: '/etc/all' },
    ];
    const script = `
      show() { cd /etc/config; ls | tr '\\n' ' '; cat a b; cd /etc/all; cat deep/a deep/b token; echo; }
      last=''
      while true; do now=$(show); [ "$now" = "$last" ] || echo "$now"; last=$now; sleep 0.02; done`;
    rig.create(PODS, shellPod('reader', script, { volumes }, { volumeMounts }));
    await until(() => existsLog(rig, 'reader') && rig.log('reader') === 'a b old oldoldoldoldfirst\n');
    rig.store.update(CONFIG_MAPS, configMap('new'));
    await until(() => rig.log('reader').endsWith('a b new newnewnewnewfirst\n'));
    rig.store.update(SECRETS, secretOf('second'));
    await until(() => rig.log('reader').endsWith('a b new newnewnewnewsecond\n'));
    rig.store.delete({ ...PODS, namespace: 'default', name: 'reader' });
    await until(() => rig.pod('reader') === undefined);
  });

  it('show what a ConfigMap became while they were being prepared', async () => {
    await using rig = await createLocalRig();
    const configMap = (mode: string) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: { mode },
    });
    rig.create(CONFIG_MAPS, configMap('old'));
    let isChanged = false;
    const unwatch = rig.store.watch(PODS, ({ type }) => {
      if (type !== 'MODIFIED' || isChanged) return;
      isChanged = true;
      // The files are written in the course of this change; the containers begin later.
      queueMicrotask(() => rig.store.update(CONFIG_MAPS, configMap('new')));
    });
    const volumes = [{ name: 'settings', configMap: { name: 'settings' } }];
    const volumeMounts = [{ name: 'settings', mountPath: '/etc/settings' }];
    const spec = { restartPolicy: 'Never', volumes };
    rig.create(PODS, shellPod('prepared', 'cat /etc/settings/mode', spec, { volumeMounts }));
    await until(() => rig.pod('prepared')?.status?.phase === 'Succeeded');
    expect(rig.log('prepared')).toBe('new\n');
    unwatch();
  });

  it('keep the files that they have, and say why, when new ones cannot be written', async () => {
    await using rig = await createLocalRig();
    const configMap = (name: string, data: Record<string, string>) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default' },
      data,
    });
    rig.create(CONFIG_MAPS, configMap('file', { a: 'kept' }));
    rig.create(CONFIG_MAPS, configMap('folder', {}));
    const below = { name: 'folder', optional: true, items: [{ key: 'b', path: 'a/b' }] };
    const sources = [{ configMap: { name: 'file' } }, { configMap: below }];
    const volumes = [{ name: 'all', projected: { sources } }];
    const volumeMounts = [{ name: 'all', mountPath: '/etc/all' }];
    const script = 'while true; do cat /etc/all/a; echo; sleep 0.02; done';
    rig.create(PODS, shellPod('clash', script, { volumes }, { volumeMounts }));
    await until(() => existsLog(rig, 'clash') && rig.log('clash').startsWith('kept'));
    rig.store.update(CONFIG_MAPS, configMap('folder', { b: 'in the way' }));
    const failed = (): boolean =>
      rig.events('clash').some((event) => /FailedMount: .* its files cannot be written: E\w+$/.test(event));
    await until(failed);
    expect(new Set(rig.log('clash').trim().split('\n'))).toEqual(new Set(['kept']));
    rig.store.delete({ ...PODS, namespace: 'default', name: 'clash' });
    await until(() => rig.pod('clash') === undefined);
  });

  it('go on for their preStop.sleep before they are told to end', async () => {
    await using rig = await createLocalRig();
    const script = 'trap "exit 0" TERM; start=$(date +%s); sleep 100 & wait';
    const lifecycle = { preStop: { sleep: { seconds: 1 } } };
    const spec = { terminationGracePeriodSeconds: 20 };
    rig.create(PODS, shellPod('drains', script, spec, { lifecycle }));
    await until(() => containerOf(rig, 'drains')?.state.running);
    const begunMs = performance.now();
    rig.store.delete({ ...PODS, namespace: 'default', name: 'drains' });
    await until(() => rig.pod('drains') === undefined);
    expect(performance.now() - begunMs).toBeGreaterThan(1_000);
  });

  it('say when an app listens on its container port instead of $PORT', async () => {
    await using rig = await createLocalRig();
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

  it('end with all their processes when they are removed at once', async () => {
    await using rig = await createLocalRig();
    rig.create(PODS, shellPod('gone', 'exec sleep 1000'));
    const id = await until(() => containerOf(rig, 'gone')?.containerID);
    const pid = id.replace('process://', '');
    rig.store.delete({ ...PODS, namespace: 'default', name: 'gone' }, { gracePeriodSeconds: 0 });
    expect(rig.pod('gone')).toBeUndefined();
    await until(() => !existsSync(`/proc/${pid}`));
  });

  it('start again with the cluster, count the restart and keep what had ended', async () => {
    const first = await createLocalRig();
    first.create(PODS, shellPod('server', 'echo life; exec sleep 1000'));
    first.create(PODS, shellPod('job', 'exit 0', { restartPolicy: 'Never' }));
    first.create(PODS, shellPod('lost', 'exec sleep 1000', { restartPolicy: 'Never' }));
    await until(
      () =>
        ['server', 'lost'].every((name) => first.pod(name)?.status?.phase === 'Running') &&
        phaseOf(first, 'job') === 'Succeeded',
    );
    await first.stop();
    await using second = await createLocalRig({ state: first.state });
    await until(() => isReady(second, 'server') && phaseOf(second, 'lost') === 'Failed');
    expect(containerOf(second, 'server')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137 } },
    });
    expect(phaseOf(second, 'job')).toBe('Succeeded');
    expect(containerOf(second, 'lost')?.state.terminated?.exitCode).toBe(137);
  });
});

const secretOf = (text: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'token', namespace: 'default' },
  data: { token: Buffer.from(text).toString('base64') },
});

function existsLog(rig: LocalRig, pod: string): boolean {
  return existsSync(rig.context.paths.containerLog(rig.pod(pod)?.metadata.uid ?? '', 'app'));
}

function isReady(rig: LocalRig, name: string): boolean {
  const pod = rig.pod(name);
  return pod !== undefined && isPodReady(pod);
}

const phaseOf = (rig: LocalRig, name: string): string | undefined => rig.pod(name)?.status?.phase;

const containerOf = (rig: LocalRig, name: string): ContainerStatus | undefined =>
  rig.pod(name)?.status?.containerStatuses?.[0];
