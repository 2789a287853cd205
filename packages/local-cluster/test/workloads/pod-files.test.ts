/** What a pod is given: environment, credentials, volumes. */

import { describe, expect, it } from 'vitest';
import { PODS } from '../../src/workloads/specs/workload-objects.ts';
import { containerOf, phaseOf } from './pod-facts.ts';
import { until } from './until.ts';
import { CONFIG_MAPS, SECRETS, shellPod } from './workload-rig.ts';
import { useWorkloads } from './workload-suite.ts';

const openRig = useWorkloads();

describe('the environment of a pod', () => {
  it('resolves values, references, fields and $(NAME)', async () => {
    await using rig = await openRig();
    await rig.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { mode: 'fast', odd: `it's "$(id)"` },
    });
    await rig.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token' },
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
    await rig.create(
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
    expect(await rig.log('env')).toBe(`fast s3cret env\nfast-env-$(MODE)-$(UNKNOWN)\nit's "$(id)"\n${ip}\n`);
  });

  it('waits for a missing ConfigMap and says so, and goes on when it comes', async () => {
    await using rig = await openRig();
    const env = [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'late', key: 'mode' } } }];
    await rig.create(PODS, shellPod('waits', 'echo $MODE', { restartPolicy: 'Never' }, { env }));
    const waiting = await until(() => {
      const state = containerOf(rig, 'waits')?.state.waiting;
      return state?.reason === 'CreateContainerConfigError' && state;
    });
    expect(waiting.message).toBe('configmap "late" not found');
    await rig.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'late' },
      data: { mode: 'on' },
    });
    await until(() => phaseOf(rig, 'waits') === 'Succeeded');
    expect(await rig.log('waits')).toBe('on\n');
  });
});

describe('the credentials of a pod', () => {
  it('are there unless the token is not to be mounted', async () => {
    await using rig = await openRig();
    const script =
      'test -n "$KUBECONFIG" -o -e /var/run/secrets/kubernetes.io/serviceaccount/token && echo yes || echo no';
    const spec = { restartPolicy: 'Never' };
    await rig.create(PODS, shellPod('with', script, spec));
    await rig.create(PODS, shellPod('without', script, { ...spec, automountServiceAccountToken: false }));
    await until(() => rig.pods().every((pod) => pod.status?.phase === 'Succeeded'));
    expect(await rig.log('with')).toBe('yes\n');
    expect(await rig.log('without')).toBe('no\n');
  });
});

describe('the volumes of a pod', () => {
  it('shows ConfigMaps, Secrets and the downward API as files', async () => {
    await using rig = await openRig();
    const binary = Buffer.from([0, 255, 128, 10]);
    await rig.create(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'files' },
      data: { 'a.txt': 'ü\n' },
      binaryData: { bin: binary.toString('base64') },
    });
    await rig.create(SECRETS, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'token' },
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
    await rig.create(PODS, shellPod('files', script, { restartPolicy: 'Never', volumes }, { volumeMounts }));
    await until(() => phaseOf(rig, 'files') === 'Succeeded');
    expect(await rig.log('files')).toBe('ü\ns3cret\napp="files"\n 00 ff 80 0a\n400\n');
  });

  it('keep an emptyDir over a restart', async () => {
    await using rig = await openRig();
    const mounts = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
    const script =
      'echo x >> /data/lives; cat /data/lives; [ $(wc -l < /data/lives) -gt 1 ] && sleep 100; exit 1';
    await rig.create(PODS, shellPod('data', script, { volumes: [{ name: 'data', emptyDir: {} }] }, mounts));
    await expect.poll(() => rig.log('data'), { timeout: 60_000 }).toBe('x\nx\n');
  });

  it.each([
    ['../../escape', "must not contain '..'"],
    ['/etc/escape', 'must be a relative path'],
    ['..data', "must not start with '..'"],
    ['', 'Required value'],
  ])('are refused with a file at %j', async (path, why) => {
    await using rig = await openRig();
    const items = [{ key: 'key', path }];
    const files = [{ path, fieldRef: { fieldPath: 'metadata.name' } }];
    const volumes = [
      { name: 'config', configMap: { name: 'files', items } },
      {
        name: 'all',
        projected: { sources: [{ downwardAPI: { items: files } }, { secret: { name: 'key', items } }] },
      },
    ];
    const refusal = await rig.refusal(PODS, shellPod('escape', 'true', { volumes }));
    for (const place of [
      'spec.volumes[0].configMap.items[0].path',
      'spec.volumes[1].projected.sources[0].downwardAPI.path',
      'spec.volumes[1].projected.sources[1].secret.items[0].path',
    ])
      expect(refusal).toContain(`${place}: `);
    expect(refusal.split(why)).toHaveLength(4);
  });
});
