/** Services as the local cluster makes them: loopback addresses, real ports of the host, forwarders. */

import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
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
import { describeLocally } from '../local-only.ts';
import { createLocalRig, SERVER_SCRIPT, shellPod, type LocalRig } from './local-rig.ts';
import { until } from './until.ts';

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

function addressOf(rig: LocalRig, name: string): string | undefined {
  const found = rig.get(SERVICES, name);
  return found !== undefined && isService(found) ? found.spec.clusterIP : undefined;
}

function readySlices(rig: LocalRig): EndpointSlice[] {
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

describeLocally('services as forwarders of the host', () => {
  it('forward to their ready pods in turn, at the port that each really has', async () => {
    await using rig = await createLocalRig();
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

  it('leave out a pod that is ending and refuse connections when none is left', async () => {
    await using rig = await createLocalRig();
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

  it('use a target port that no container declares as it is, at the address of the pod', async () => {
    await using rig = await createLocalRig();
    const script = `exec "${process.execPath}" -e 'require("node:net").createServer((socket) => socket.end("plain")).listen(21234, process.env.POD_IP)'`;
    rig.create(PODS, shellPod('router', script));
    rig.create(
      SERVICES,
      service('routed', { selector: { app: 'router' }, ports: [{ port: 80, targetPort: 21234 }] }),
    );
    const address = await until(() => readySlices(rig).length === 1 && addressOf(rig, 'routed'));
    expect(readySlices(rig)[0]?.ports?.[0]?.port).toBe(21234);
    await expect.poll(() => readAll(address, 80), { timeout: 30_000 }).toBe('plain');
  });

  it('have no address when they are headless, and pass on half-closed connections', async () => {
    await using rig = await createLocalRig();
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

  it('keep their address over a restart of the cluster', async () => {
    const first = await createLocalRig();
    first.create(SERVICES, service('web', { selector: { app: 'web' }, ports: [{ port: 80 }] }));
    const address = await until(() => addressOf(first, 'web'));
    await first.stop();
    await using second = await createLocalRig({ state: first.state });
    await expect
      .poll(() => get(address, 80).catch((error: NodeJS.ErrnoException) => error.code), { timeout: 30_000 })
      .toBe('ECONNRESET');
    expect(addressOf(second, 'web')).toBe(address);
  });

  it('share no address with another cluster of this machine', async () => {
    await using one = await createLocalRig();
    await using other = await createLocalRig();
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
