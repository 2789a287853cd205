/** What people type: kubectl against the API. */

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';

const has = (program: string, ...args: string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const manifest = (image: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: c, image: "${image}", env: [{name: A, value: "1"}]}
`;

const AUTOSCALER = `
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: scaled}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
  minReplicas: 2
  maxReplicas: 5
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]
`;

describe.skipIf(!has('kubectl', 'version', '--client'))('kubectl', () => {
  let cluster: TestCluster;
  const succeed = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await cluster.kubectl(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());

  it('creates the kinds it knows, which it sends as protobuf', async () => {
    await succeed(['create', 'configmap', 'config', '--from-literal=a=1']);
    await succeed(['create', 'secret', 'generic', 'secret', '--from-literal=password=x y']);
    await succeed(['create', 'serviceaccount', 'bot']);
    await succeed(['create', 'role', 'reader', '--verb=get,list', '--resource=pods']);
    await succeed([
      'create',
      'rolebinding',
      'reader',
      '--role=reader',
      `--serviceaccount=${cluster.namespace}:bot`,
    ]);
    await succeed(['create', 'service', 'clusterip', 'svc', '--tcp=80:8080']);
    await succeed([
      'create',
      'deployment',
      'idle',
      '--image=registry.invalid/none:1',
      '--replicas=0',
      '--port=80',
    ]);
    expect(await succeed(['get', 'secret', 'secret', '-o', 'jsonpath={.data.password}'])).toBe(
      Buffer.from('x y').toString('base64'),
    );
    expect(
      await succeed(['get', 'deploy', 'idle', '-o', 'jsonpath={.spec.replicas} {..containerPort}']),
    ).toBe('0 80');
    expect(await succeed(['get', 'role', 'reader', '-o', 'jsonpath={.rules[0].verbs}'])).toBe(
      '["get","list"]',
    );
  });

  it('makes what has no effect on a local cluster, too', async () => {
    await succeed(['create', 'deployment', 'scaled', '--image=registry.invalid/none:1', '--replicas=0']);
    // `kubectl autoscale` asks for autoscaling/v1 in kubectl before 1.33, and for v2 since.
    await succeed(['create', '-f', '-'], AUTOSCALER);
    const bounds = '{.spec.minReplicas} {.spec.maxReplicas} {.spec.metrics[0].resource}';
    expect(await succeed(['get', 'hpa', 'scaled', '-o', `jsonpath=${bounds}`])).toBe(
      '2 5 {"name":"cpu","target":{"averageUtilization":60,"type":"Utilization"}}',
    );
    await succeed(['create', 'ingress', 'way', '--class=any', '--rule=a.example.com/x*=svc:80,tls=cert']);
    const rule = '{.spec.ingressClassName} {.spec.rules[0].host} {.spec.rules[0].http.paths[0]} {.spec.tls}';
    expect(await succeed(['get', 'ingress', 'way', '-o', `jsonpath=${rule}`])).toBe(
      'any a.example.com {"backend":{"service":{"name":"svc","port":{"number":80}}},"path":"/x","pathType":"Prefix"} [{"hosts":["a.example.com"],"secretName":"cert"}]',
    );
  });

  it('applies on the client side: creates, leaves, changes, prunes', async () => {
    expect(await succeed(['apply', '-f', '-'], manifest('i:1'))).toContain('created');
    expect(await succeed(['apply', '-f', '-'], manifest('i:1'))).toContain('unchanged');
    expect(
      await succeed(['apply', '-f', '-'], manifest('i:2').replace(', env: [{name: A, value: "1"}]', '')),
    ).toContain('configured');
    const containers = await succeed([
      'get',
      'deploy',
      'web',
      '-o',
      'jsonpath={.spec.template.spec.containers[0]}',
    ]);
    expect(containers).toContain('"image":"i:2"');
    expect(containers).not.toContain('"env"');
  });

  it('applies on the server side and meets the conflict', async () => {
    await succeed(
      ['apply', '--server-side', '--field-manager=gitops', '-f', '-'],
      manifest('i:1').replaceAll('web', 'ssa'),
    );
    await succeed(['set', 'image', 'deploy/ssa', 'c=i:9']);
    const refused = await cluster.kubectl(
      ['apply', '--server-side', '--field-manager=gitops', '-f', '-'],
      manifest('i:1').replaceAll('web', 'ssa'),
    );
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('.spec.template.spec.containers[name="c"].image');
    await succeed(
      ['apply', '--server-side', '--force-conflicts', '--field-manager=gitops', '-f', '-'],
      manifest('i:1').replaceAll('web', 'ssa'),
    );
  });

  it('goes over from applying on the client side to the server side without a conflict', async () => {
    const before = manifest('i:1').replaceAll('web', 'handover');
    const after = before.replace('i:1', 'i:2');
    await succeed(['apply', '-f', '-'], before);
    const other = await cluster.kubectl(
      ['apply', '--server-side', '--field-manager=gitops', '-f', '-'],
      after,
    );
    expect(other.stderr).toContain('conflict with "kubectl-client-side-apply"');
    expect(await succeed(['apply', '--server-side', '-f', '-'], after)).toContain('serverside-applied');
    expect(await succeed(['get', 'deploy', 'handover', '-o', 'jsonpath={..image}'])).toBe('i:2');
  });

  it('shows what an apply would change, and exits with 1 when it would', async () => {
    await succeed(['create', 'configmap', 'compared', '--from-literal=a=1', '--save-config']);
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: compared}\ndata: {a: "1"}\n';
    expect(await cluster.kubectl(['diff', '-f', '-'], yaml)).toMatchObject({ code: 0, stdout: '' });
    const changed = await cluster.kubectl(['diff', '-f', '-'], yaml.replace('"1"', '"2"'));
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/^-  a: "1"\n\+  a: "2"$/m);
  });

  it('refuses a manifest with a field that does not exist', async () => {
    const { code, stderr } = await cluster.kubectl(
      ['apply', '-f', '-'],
      manifest('i:1').replace('replicas', 'replcas'),
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain('unknown field "spec.replcas"');
  });

  it('patches in three ways', async () => {
    await succeed(['create', 'configmap', 'patched', '--from-literal=a=1']);
    await succeed(['patch', 'cm', 'patched', '-p', '{"data":{"b":"2"}}']);
    await succeed(['patch', 'cm', 'patched', '--type=merge', '-p', '{"data":{"a":null}}']);
    await succeed([
      'patch',
      'cm',
      'patched',
      '--type=json',
      '-p',
      '[{"op":"add","path":"/data/c","value":"3"}]',
    ]);
    expect(JSON.parse(await succeed(['get', 'cm', 'patched', '-o', 'jsonpath={.data}']))).toEqual({
      b: '2',
      c: '3',
    });
  });

  it('labels, annotates, scales and selects', async () => {
    await succeed(['create', 'configmap', 'marked']);
    await succeed(['label', 'cm', 'marked', 'tier=gold']);
    await succeed(['annotate', 'cm', 'marked', 'note=with spaces']);
    expect(await succeed(['get', 'cm', '-l', 'tier in (gold)', '-o', 'name'])).toBe('configmap/marked\n');
    expect(await succeed(['get', 'cm', '--field-selector', 'metadata.name=marked', '-o', 'name'])).toBe(
      'configmap/marked\n',
    );
    expect(await succeed(['scale', 'deploy/idle', '--replicas=0'])).toContain('scaled');
  });

  it('shows tables, wide columns, YAML and descriptions', async () => {
    expect(await succeed(['get', 'deploy', 'idle'])).toMatch(
      /NAME\s+READY\s+UP-TO-DATE\s+AVAILABLE\s+AGE\nidle\s+0\/0/,
    );
    expect(await succeed(['get', 'deploy', 'idle', '-o', 'wide'])).toMatch(/CONTAINERS\s+IMAGES\s+SELECTOR/);
    expect(await succeed(['get', 'cm', 'config', '-o', 'yaml'])).toContain('kind: ConfigMap');
    expect(await succeed(['describe', 'cm', 'config'])).toMatch(/Name:\s+config/);
    expect(await succeed(['get', 'all'])).toContain('deployment.apps/idle');
  });

  it('watches and waits', async () => {
    await succeed(['create', 'configmap', 'awaited']);
    await Promise.all([
      succeed(['wait', '--for=jsonpath={.data.ready}=yes', 'cm/awaited', '--timeout=20s']),
      succeed(['patch', 'cm', 'awaited', '-p', '{"data":{"ready":"yes"}}']),
    ]);
    await Promise.all([
      succeed(['wait', '--for=delete', 'cm/awaited', '--timeout=20s']),
      succeed(['delete', 'cm', 'awaited']),
    ]);
  });

  it('explains, lists what there is, and asks what it may', async () => {
    expect(await succeed(['explain', 'deployment.spec.replicas'])).toContain('FIELD: replicas <integer>');
    expect(await succeed(['explain', 'configmap'])).toContain('KIND:       ConfigMap');
    for (const kind of ['services', 'pods', 'jobs', 'deployments']) {
      expect(await succeed(['explain', `${kind}.spec`, '--recursive'])).toContain('FIELDS:');
    }
    const resources = await succeed(['api-resources', '--no-headers']);
    expect(resources).toMatch(/deployments\s+deploy\s+apps\/v1\s+true\s+Deployment/);
    expect(await succeed(['auth', 'can-i', 'create', 'pods'])).toBe('yes\n');
  });

  it('replaces and deletes', async () => {
    const yaml = await succeed(['get', 'cm', 'config', '-o', 'yaml']);
    await succeed(['replace', '-f', '-'], yaml.replace('a: "1"', 'a: "2"'));
    expect(await succeed(['get', 'cm', 'config', '-o', 'jsonpath={.data.a}'])).toBe('2');
    expect(await succeed(['delete', 'deploy,cm', '--all'])).toContain('deleted');
    const missing = await cluster.kubectl(['get', 'cm', 'config']);
    expect(missing.stderr).toContain('Error from server (NotFound): configmaps "config" not found');
  });
});

const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n',
  'templates/cm.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}-cm"}\ndata: {v: "{{ .Values.v }}"}\n',
};

describe.skipIf(!has('helm', 'version'))('helm', () => {
  let cluster: TestCluster;
  let chart: string;
  const helm = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cluster.run('helm', ['-n', cluster.namespace, ...args]);
    if (code !== 0) throw new Error(`helm ${args.join(' ')}: ${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    cluster = await openTestCluster();
    const { mkdirSync, mkdtempSync, writeFileSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    chart = mkdtempSync(`${tmpdir()}/chart-`);
    mkdirSync(`${chart}/templates`);
    for (const [file, text] of Object.entries(CHART)) writeFileSync(`${chart}/${file}`, text);
  });
  afterAll(async () => {
    const { rmSync } = await import('node:fs');
    rmSync(chart, { recursive: true });
    await cluster.close();
  });

  it('installs, upgrades, lists, rolls back and uninstalls', async () => {
    await helm('install', 'r', chart, '--set', 'v=1');
    await helm('upgrade', 'r', chart, '--set', 'v=2');
    const value = async () =>
      (await cluster.kubectl(['get', 'cm', 'r-cm', '-o', 'jsonpath={.data.v}'])).stdout;
    expect(await value()).toBe('2');
    expect(await helm('list', '-q')).toBe('r\n');
    await helm('rollback', 'r', '1');
    expect(await value()).toBe('1');
    await helm('uninstall', 'r');
    expect((await cluster.kubectl(['get', 'cm,secret', '-o', 'name'])).stdout).not.toMatch(/r-cm|helm/);
  });
});
