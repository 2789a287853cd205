/** Services: addresses, endpoints with the real ports, forwarding. */

import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/contracts/kube-object.ts';
import {
  ENDPOINT_SLICES,
  ENDPOINTS,
  isEndpointSlice,
  isService,
  PODS,
  SERVICES,
  type EndpointSlice,
} from '../../src/workloads/specs/workload-objects.ts';
import { createWorkloadRig, SERVER_SCRIPT, shellPod, until, type WorkloadRig } from './workload-rig.ts';

const HTTP = {
  ports: [{ name: 'http', containerPort: 8080 }],
  readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1 },
};

function service(name: string, spec: Record<string, unknown>): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}

function serverPod(name: string, app: string): KubeObject {
  const pod = shellPod(name, SERVER_SCRIPT, {}, HTTP);
  return { ...pod, metadata: { ...pod.metadata, labels: { app } } };
}

function addressOf(rig: WorkloadRig, name: string): string | undefined {
  const found = rig.get(SERVICES, name);
  return found !== undefined && isService(found) ? found.spec.clusterIP : undefined;
}

function readySlices(rig: WorkloadRig): EndpointSlice[] {
  const slices = rig.store.list(ENDPOINT_SLICES).items.filter(isEndpointSlice);
  return slices.filter((slice) => slice.endpoints.some((endpoint) => endpoint.conditions?.ready === true));
}

async function get(host: string, port: number, path = '/'): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const sent = request({ host, port, path, agent: false }, (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    response.on('end', () => resolve(body));
  });
  sent.on('error', reject).end();
  return await promise;
}

describe('a service', () => {
  it('forwards to its ready pods in turn, at the port that each really has', async () => {
    await using rig = await createWorkloadRig();
    rig.create(
      SERVICES,
      service('web', { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] }),
    );
    rig.create(PODS, serverPod('one', 'web'));
    rig.create(PODS, serverPod('two', 'web'));
    await until(() => readySlices(rig).length === 2);
    const address = await until(() => addressOf(rig, 'web'));
    expect(address).toMatch(/^127\.\d+\.\d+\.\d+$/);
    const answers = await Promise.all(Array.from({ length: 4 }, () => get(address, 80, '/x')));
    expect(new Set(answers)).toEqual(new Set(['one /x', 'two /x']));
    const [slice] = readySlices(rig);
    expect(slice?.ports?.[0]?.port).not.toBe(8080);
    expect(slice?.endpoints[0]?.targetRef).toMatchObject({ kind: 'Pod', namespace: 'default' });
    expect(slice?.metadata.labels?.['kubernetes.io/service-name']).toBe('web');
    expect(JSON.stringify(rig.get(ENDPOINTS, 'web')?.['subsets'])).toContain('"name":"one"');
  });

  it('leaves out a pod that is ending and refuses connections when none is left', async () => {
    await using rig = await createWorkloadRig();
    rig.create(
      SERVICES,
      service('web', { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }),
    );
    rig.create(PODS, serverPod('one', 'web'));
    await until(() => readySlices(rig).length === 1);
    const address = await until(() => addressOf(rig, 'web'));
    expect(await get(address, 80)).toBe('one /');
    rig.store.delete({ ...PODS, namespace: 'default', name: 'one' });
    await until(() => rig.store.list(ENDPOINT_SLICES).items.length === 0);
    await expect(get(address, 80)).rejects.toThrow();
  });

  it('lets an app name it in its environment and its arguments', async () => {
    await using rig = await createWorkloadRig();
    rig.create(
      SERVICES,
      service('demo-api', { selector: { app: 'demo-api' }, ports: [{ port: 8080, targetPort: 8080 }] }),
    );
    const script = 'echo "$URL" "$1" "$DEMO_API_SERVICE_HOST:$DEMO_API_SERVICE_PORT"';
    const env = [{ name: 'URL', value: 'http://demo-api.default.svc.cluster.local:8080/x' }];
    rig.create(
      PODS,
      shellPod(
        'caller',
        '',
        { restartPolicy: 'Never' },
        { command: ['sh', '-c', script, 'sh', 'demo-api.default.svc:8080'], env },
      ),
    );
    await until(() => rig.pod('caller')?.status?.phase === 'Succeeded');
    const address = addressOf(rig, 'demo-api');
    expect(rig.log('caller')).toBe(`http://${address}:8080/x ${address}:8080 ${address}:8080\n`);
  });

  it('uses a target port that no container declares as it is, at the address of the pod', async () => {
    await using rig = await createWorkloadRig();
    const script = `exec "${process.execPath}" -e 'require("node:net").createServer((socket) => socket.end("plain")).listen(21234, process.env.POD_IP)'`;
    rig.create(PODS, shellPod('router', script));
    rig.create(
      SERVICES,
      service('routed', { selector: { app: 'router' }, ports: [{ port: 80, targetPort: 21234 }] }),
    );
    const address = await until(() => readySlices(rig).length === 1 && addressOf(rig, 'routed'));
    expect(readySlices(rig)[0]?.ports?.[0]?.port).toBe(21234);
    await expect.poll(() => readAll(address, 80)).toBe('plain');
  });

  it('has no address when it is headless, and passes on half-closed connections', async () => {
    await using rig = await createWorkloadRig();
    const script = `exec "${process.execPath}" -e '
      require("node:net").createServer({ allowHalfOpen: true }, (socket) => {
        let text = ""; socket.on("data", (data) => (text += data)); socket.on("end", () => socket.end(text.toUpperCase()));
      }).listen(Number(process.env.PORT))'`;
    rig.create(PODS, shellPod('echo', script, {}, HTTP));
    const ports = [{ port: 80, targetPort: 'http' }];
    rig.create(SERVICES, service('headless', { clusterIP: 'None', selector: { app: 'echo' }, ports }));
    rig.create(SERVICES, service('echo', { selector: { app: 'echo' }, ports }));
    const address = await until(() => readySlices(rig).length === 2 && addressOf(rig, 'echo'));
    expect(addressOf(rig, 'headless')).toBe('None');
    expect(await readAll(address, 80, 'hello')).toBe('HELLO');
  });

  it('keeps its address over a restart of the cluster', async () => {
    const first = await createWorkloadRig();
    first.create(SERVICES, service('web', { selector: { app: 'web' }, ports: [{ port: 80 }] }));
    const address = await until(() => addressOf(first, 'web'));
    await first.stop();
    await using second = await createWorkloadRig({ state: first.state });
    await expect
      .poll(() => get(address, 80).catch((error: NodeJS.ErrnoException) => error.code))
      .toBe('ECONNRESET');
    expect(addressOf(second, 'web')).toBe(address);
  });

  it('shares no address with another cluster of this machine', async () => {
    await using one = await createWorkloadRig();
    await using other = await createWorkloadRig();
    const spec = { selector: { app: 'web' }, ports: [{ port: 80 }] };
    one.create(SERVICES, service('web', spec));
    other.create(SERVICES, service('web', spec));
    const addresses = await until(() => {
      const pair = [addressOf(one, 'web'), addressOf(other, 'web')];
      return pair.every((each) => each !== undefined) && pair;
    });
    const networks = addresses.map((each) => each?.split('.')[1]);
    expect(new Set(networks).size).toBe(2);
  });
});

async function readAll(host: string, port: number, send = ''): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = '';
  const socket = connect({ host, port, allowHalfOpen: true });
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.on('end', () => resolve(text)).on('error', reject);
  socket.end(send);
  return await promise;
}
