/** A tap with real sockets and a Kubernetes API over HTTP: one session's requests, and nothing else, reach its backend. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createKubeClient } from '@tekton-dag/kube';
import { startFakeApiServer } from '@tekton-dag/kube/testing';
import { expect, it } from 'vitest';
import { startTap } from '../src/index.ts';
import { listenOn } from '../src/listen-on.ts';
import { endpointSliceOf, routedServiceOf, serviceRouteOf, silentLog } from '../src/testing/index.ts';
import { ADMIN_TOKEN, nextAddress, sendRequest, until } from './router-rig.ts';

const SESSION = 'pr-4-abcdef';
const PORT = 18_080;
const TRACE = 'b'.repeat(32);

const objects = {
  services: [routedServiceOf({ name: 'api', port: PORT })],
  httpRoutes: [
    serviceRouteOf({
      service: 'api',
      name: `api-${SESSION}`,
      rules: [
        {
          matches: [{ headers: [{ type: 'Exact', name: 'x-dev-session', value: SESSION }] }],
          backendRefs: [{ name: `api-${SESSION}`, port: 80 }],
        },
      ],
    }),
  ],
};

it('hands one session to its backend, records it, and refuses and counts everything else', async () => {
  const address = nextAddress();
  const seen: IncomingHttpHeaders[] = [];
  const app = createServer((request, response) => {
    seen.push(request.headers);
    response.end('pull request');
  });
  const appPort = await listenOn(app, address, 0);
  await using api = await startFakeApiServer();
  await using client = createKubeClient(api.config);
  const backend = `api-${SESSION}`;
  const slices = endpointSliceOf({
    service: backend,
    endpoints: [{ address, port: appPort, pod: 'pr-pod' }],
  });
  for (const slice of slices) api.put('/apis/discovery.k8s.io/v1/namespaces/staging/endpointslices', slice);
  const tap = await startTap({
    client,
    namespace: 'staging',
    backend,
    objects,
    bindAddress: address,
    adminPort: 0,
    adminToken: ADMIN_TOKEN,
    log: silentLog,
  });
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  const ask = async (path: string): Promise<unknown> => {
    const answer = await sendRequest({
      host: address,
      port: tap.adminPort,
      path,
      headers: { authorization },
    });
    return JSON.parse(answer.body);
  };
  const send = async (session?: string) =>
    await sendRequest({
      host: address,
      port: PORT,
      headers: {
        traceparent: `00-${TRACE}-${'c'.repeat(16)}-01`,
        ...(session ? { 'x-dev-session': session } : {}),
      },
    });
  await until(
    async () => (await sendRequest({ host: address, port: tap.adminPort, path: '/readyz' })).status === 200,
  );
  try {
    const answer = await send(SESSION);
    expect(answer).toMatchObject({ status: 200, body: 'pull request' });
    expect(answer.headers['x-tekton-dag-served-by']).toBe(`${backend}/pr-pod`);
    for (const other of ['pr-42-abcdef', 'pr-4-abcdefx', undefined])
      expect((await send(other)).status).toBe(404);
    expect(seen.map((headers) => headers['x-dev-session'])).toEqual([SESSION]);
    expect(await ask(`/evidence/${TRACE}`)).toMatchObject({
      hops: expect.arrayContaining([
        expect.objectContaining({ service: 'api', session: SESSION, backend, pod: 'pr-pod', status: 200 }),
      ]),
    });
    expect(await ask('/counters')).toMatchObject({
      services: [
        {
          service: 'api',
          backends: expect.arrayContaining([
            { backend, tagged: 1, untagged: 0 },
            { backend: '', tagged: 2, untagged: 1 },
          ]),
        },
      ],
    });
  } finally {
    await tap.close();
    app.closeAllConnections();
    app.close();
  }
});
