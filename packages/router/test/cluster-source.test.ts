/** The router driven by a Kubernetes API over real HTTP. */
import { createServer } from 'node:http';
import { createKubeClient } from '@tekton-dag/kube';
import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { describe, expect, it } from 'vitest';
import { startRouter } from '../src/index.ts';
import { listenOn } from '../src/listen-on.ts';
import {
  endpointSliceOf,
  interceptRouteOf,
  routedServiceOf,
  serviceRouteOf,
  silentLog,
} from '../src/testing/index.ts';
import { ADMIN_TOKEN, nextAddress, sendRequest, until } from './router-rig.ts';

const PORT = 20_000;
const paths = (namespace: string) => ({
  services: `/api/v1/namespaces/${namespace}/services`,
  httpRoutes: `/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`,
  endpointSlices: `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`,
});

interface ClusterRig extends AsyncDisposable {
  readonly api: FakeApiServer;
  readonly address: string;
  readonly adminPort: number;
  readonly appPorts: { readonly baseline: number; readonly changed: number };
  body(headers?: Record<string, string>): Promise<string>;
}

async function createClusterRig(namespace: string | readonly string[] = 'staging'): Promise<ClusterRig> {
  const api = await startFakeApiServer();
  const client = createKubeClient(api.config);
  const address = nextAddress();
  const servers = ['baseline', 'changed'].map((name) => createServer((_, response) => response.end(name)));
  const ports = await Promise.all(servers.map((server) => listenOn(server, address, 0)));
  const [baseline = 0, changed = 0] = ports;
  const base = { client, namespace, bindAddress: address, adminPort: 0, adminToken: ADMIN_TOKEN };
  const router = await startRouter({ ...base, log: silentLog, drainMs: 1_000 });
  return {
    api,
    address,
    adminPort: router.adminPort,
    appPorts: { baseline, changed },
    body: async (headers = {}) => (await sendRequest({ host: address, port: PORT, headers })).body,
    async [Symbol.asyncDispose]() {
      await router.close();
      await client[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function putApp({ api, address, appPorts }: ClusterRig, namespace = 'staging'): void {
  const { services, httpRoutes, endpointSlices } = paths(namespace);
  const endpoints = [{ address, port: appPorts.baseline, pod: 'app-baseline-0' }];
  for (const slice of endpointSliceOf({ service: 'app-baseline', namespace, endpoints }))
    api.put(endpointSlices, slice);
  api.put(httpRoutes, serviceRouteOf({ service: 'app', namespace }));
  api.put(services, routedServiceOf({ name: 'app', namespace, port: PORT }));
}

function putIntercept({ api, address, appPorts }: ClusterRig): void {
  const { httpRoutes, endpointSlices } = paths('staging');
  const endpoints = [{ address, port: appPorts.changed, pod: 'app-pr-4-0' }];
  for (const slice of endpointSliceOf({ service: 'app-pr-4', endpoints })) api.put(endpointSlices, slice);
  api.put(httpRoutes, interceptRouteOf({ service: 'app', session: 'pr-4' }));
}

const answers = (rig: ClusterRig, expected: string, headers?: Record<string, string>) =>
  until(() =>
    rig.body(headers).then(
      (body) => body === expected,
      () => false,
    ),
  );

describe('a router of a cluster', () => {
  it('follows Services, routes and endpoints as they come and go', async () => {
    await using rig = await createClusterRig();
    putApp(rig);
    await answers(rig, 'baseline');
    putIntercept(rig);
    await answers(rig, 'changed', { 'x-dev-session': 'pr-4' });
    expect(await rig.body()).toBe('baseline');
    rig.api.remove(paths('staging').httpRoutes, 'app-pr-4');
    await answers(rig, 'baseline', { 'x-dev-session': 'pr-4' });
  });

  it('asks the API for three kinds and only reads', async () => {
    await using rig = await createClusterRig();
    putApp(rig);
    await answers(rig, 'baseline');
    expect(new Set(rig.api.requests.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(Object.values(paths('staging')).map((path) => `GET ${path}`)),
    );
    const services = rig.api.requests.filter(({ path }) => path.endsWith('/services'));
    expect(services.every(({ query }) => query.get('labelSelector') === 'tekton-dag.io/routed=true')).toBe(
      true,
    );
  });

  it('goes on with what it knows while the API is away, and catches up', async () => {
    await using rig = await createClusterRig();
    putApp(rig);
    await answers(rig, 'baseline');
    for (let count = 0; count < 5; count += 1) rig.api.failNext({ status: 500, reason: 'InternalError' });
    rig.api.cutWatches();
    expect(await rig.body()).toBe('baseline');
    putIntercept(rig);
    await answers(rig, 'changed', { 'x-dev-session': 'pr-4' });
  });

  it('serves several namespaces', async () => {
    await using rig = await createClusterRig(['staging', 'shop']);
    putApp(rig, 'shop');
    await answers(rig, 'baseline');
  });

  it('is ready when the first picture is complete', async () => {
    await using rig = await createClusterRig();
    await until(
      async () =>
        (await sendRequest({ host: rig.address, port: rig.adminPort, path: '/readyz' })).status === 200,
    );
  });
});
