/** What the router can prove: each hop of a tagged request, and that nobody else was touched. */
import { request as httpRequest, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { endpointSliceOf, interceptRouteOf, routedServiceOf, serviceRouteOf } from '../src/testing/index.ts';
import { createRouterRig, readText, type RouterRig } from './router-rig.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const PORTS = { front: 20_000, middle: 20_001, back: 20_002 } as const;
type App = keyof typeof PORTS;

/** Which headers an app passes on. */
type Passes = readonly string[];
const EVERYTHING: Passes = ['x-dev-session', 'baggage', 'traceparent'];

/** An app that asks the next one and answers with what that said. */
function chainApp(rig: RouterRig, name: App, next: App | undefined, passes: Passes): RequestListener {
  return (request, response) => {
    if (next === undefined) {
      response.end(name);
      return;
    }
    const headers = Object.fromEntries(
      passes.map((key) => [key, request.headers[key]]).filter(([, value]) => value),
    );
    const outgoing = httpRequest(
      { host: rig.address, port: PORTS[next], headers, agent: false },
      (incoming) => {
        void readText(incoming).then((text) => response.end(`${name}>${text}`));
      },
    );
    outgoing.end();
  };
}

/** front -> middle -> back; `back` is changed by the pull request pr-4. */
async function createChain(middlePasses: Passes = EVERYTHING): Promise<RouterRig> {
  const rig = await createRouterRig();
  const slices: object[] = [];
  const add = async (service: string, listener: RequestListener) => {
    const { port } = await rig.serve(listener);
    slices.push(
      ...endpointSliceOf({ service, endpoints: [{ address: rig.address, port, pod: `${service}-0` }] }),
    );
  };
  await add('front-baseline', chainApp(rig, 'front', 'middle', EVERYTHING));
  await add('middle-baseline', chainApp(rig, 'middle', 'back', middlePasses));
  await add('back-baseline', chainApp(rig, 'back', undefined, []));
  await add('back-pr-4', (_, response) => response.end('CHANGED'));
  const apps = Object.entries(PORTS);
  await rig.route({
    services: apps.map(([name, port]) => routedServiceOf({ name, port })),
    httpRoutes: [
      ...apps.map(([service]) => serviceRouteOf({ service })),
      interceptRouteOf({ service: 'back', session: 'pr-4' }),
    ],
    endpointSlices: slices,
  });
  return rig;
}

async function countersOf(rig: RouterRig): Promise<Record<string, object>> {
  const { services }: { services: { service: string; backends: { backend: string }[] }[] } = JSON.parse(
    (await rig.admin('/counters')).body,
  );
  return Object.fromEntries(
    services.flatMap(({ backends }) => backends.map((count) => [count.backend, count])),
  );
}

describe('a chain whose apps pass the session on', () => {
  it('leaves one hop for each app, each with its caller and the pod that answered', async () => {
    await using rig = await createChain();
    const headers = {
      'x-dev-session': 'pr-4',
      baggage: 'user=ann,dev-session=pr-4',
      traceparent: TRACEPARENT,
    };
    const answer = await rig.send(PORTS.front, { headers });
    expect(answer.body).toBe('front>middle>CHANGED');
    expect(answer.headers['x-tekton-dag-served-by']).toBe('front-baseline/front-baseline-0');
    const { hops, untagged } = await rig.evidence(TRACE);
    const common = { namespace: 'staging', session: 'pr-4', header: true, baggage: true, status: 200 };
    expect(hops).toEqual([
      {
        ...common,
        ...meta(1),
        service: 'front',
        caller: null,
        backend: 'front-baseline',
        pod: 'front-baseline-0',
      },
      {
        ...common,
        ...meta(2),
        service: 'middle',
        caller: 'front',
        backend: 'middle-baseline',
        pod: 'middle-baseline-0',
      },
      { ...common, ...meta(3), service: 'back', caller: 'middle', backend: 'back-pr-4', pod: 'back-pr-4-0' },
    ]);
    expect(untagged).toEqual([]);
  });

  it('shows untagged requests that none of them was touched', async () => {
    await using rig = await createChain();
    for (let count = 0; count < 5; count += 1)
      expect((await rig.send(PORTS.front)).body).toBe('front>middle>back');
    await rig.send(PORTS.front, { headers: { 'x-dev-session': 'pr-4' } });
    const counters = await countersOf(rig);
    expect(counters['back-baseline']).toEqual({ backend: 'back-baseline', tagged: 0, untagged: 5 });
    expect(counters['back-pr-4']).toEqual({ backend: 'back-pr-4', tagged: 1, untagged: 0 });
  });
});

describe('a chain whose middle app drops the session', () => {
  it('has no hop behind that app when it passes nothing on', async () => {
    await using rig = await createChain([]);
    const answer = await rig.send(PORTS.front, {
      headers: { 'x-dev-session': 'pr-4', traceparent: TRACEPARENT },
    });
    expect(answer.body).toBe('front>middle>back');
    const { hops } = await rig.evidence(TRACE);
    expect(hops.map(({ service, caller }) => [service, caller])).toEqual([
      ['front', null],
      ['middle', 'front'],
    ]);
  });

  it('shows the request that lost it when its trace goes on', async () => {
    await using rig = await createChain(['traceparent']);
    await rig.send(PORTS.front, { headers: { 'x-dev-session': 'pr-4', traceparent: TRACEPARENT } });
    const { hops, untagged } = await rig.evidence(TRACE);
    expect(hops.map(({ service }) => service)).toEqual(['front', 'middle']);
    expect(untagged).toMatchObject([
      { sequence: 3, service: 'back', caller: null, backend: 'back-baseline', status: 200 },
    ]);
  });

  it('says which half was dropped when only the header or only the baggage is passed on', async () => {
    const headers = { 'x-dev-session': 'pr-4', baggage: 'dev-session=pr-4', traceparent: TRACEPARENT };
    for (const [passed, expected] of [
      ['x-dev-session', { header: true, baggage: false, caller: null }],
      ['baggage', { header: false, baggage: true, caller: 'middle' }],
    ] as const) {
      await using rig = await createChain([passed, 'traceparent']);
      expect((await rig.send(PORTS.front, { headers })).body).toBe('front>middle>CHANGED');
      expect((await rig.evidence(TRACE)).hops[2]).toMatchObject({ service: 'back', ...expected });
    }
  });
});

describe('a tagged request', () => {
  async function headersAtBackend(headers: Record<string, string>): Promise<IncomingHttpHeaders> {
    await using rig = await createRouterRig();
    const seen: IncomingHttpHeaders[] = [];
    const { port } = await rig.serve((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    await rig.route({
      services: [routedServiceOf({ name: 'app', port: PORTS.front })],
      httpRoutes: [serviceRouteOf({ service: 'app' })],
      endpointSlices: endpointSliceOf({
        service: 'app-baseline',
        endpoints: [{ address: rig.address, port, pod: 'p' }],
      }),
    });
    await rig.send(PORTS.front, { headers });
    return seen[0] ?? {};
  }

  it('without a trace gets one', async () => {
    const { traceparent } = await headersAtBackend({ 'x-dev-session': 'pr-4' });
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('with a trace that is not valid gets a new one, without the old state', async () => {
    const seen = await headersAtBackend({
      'x-dev-session': 'pr-4',
      traceparent: '00-xyz',
      tracestate: 'a=b',
    });
    expect(seen['traceparent']).toMatch(/^00-[0-9a-f]{32}-/);
    expect(seen['tracestate']).toBeUndefined();
  });

  it('keeps a valid trace, its state and its baggage', async () => {
    const headers = {
      'x-dev-session': 'pr-4',
      traceparent: TRACEPARENT,
      tracestate: 'a=b',
      baggage: 'k=v;p',
    };
    expect(await headersAtBackend(headers)).toMatchObject({
      ...headers,
      baggage: 'k=v;p,tekton-dag-hop=app',
    });
  });

  it('that no backend answers leaves a hop that says so', async () => {
    await using rig = await createRouterRig();
    await rig.route({
      services: [routedServiceOf({ name: 'app', port: PORTS.front })],
      httpRoutes: [serviceRouteOf({ service: 'app' })],
      endpointSlices: [],
    });
    const answer = await rig.send(PORTS.front, {
      headers: { 'x-dev-session': 'pr-4', traceparent: TRACEPARENT },
    });
    expect(answer.status).toBe(503);
    expect((await rig.evidence(TRACE)).hops).toMatchObject([
      { backend: 'app-baseline', pod: null, status: 503 },
    ]);
  });
});

describe('the admin server', () => {
  it('shows evidence, counters and routes to holders of the token alone', async () => {
    await using rig = await createChain();
    for (const path of ['/counters', '/routes', `/evidence/${TRACE}`, '/anything']) {
      const answer = await rig.admin(path, 'wrong');
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
    expect((await rig.admin(`/evidence/${TRACE}`)).status).toBe(404);
    expect((await rig.admin('/evidence/..%2fcounters')).status).toBe(404);
    const { services }: { services: object[] } = JSON.parse((await rig.admin('/routes')).body);
    expect(services).toHaveLength(3);
    expect(services[2]).toMatchObject({
      namespace: 'staging',
      service: 'back',
      port: PORTS.back,
      rules: [
        {
          route: 'back-pr-4',
          isIntercept: true,
          headers: [{ type: 'Exact', name: 'x-dev-session', value: 'pr-4' }],
        },
        { route: 'back-pr-4', headers: [{ type: 'RegularExpression', name: 'baggage' }] },
        { route: 'back', isIntercept: false, path: { type: 'PathPrefix', value: '/' } },
      ],
    });
  });

  it('tells health and metrics to everybody, and no session in them', async () => {
    await using rig = await createChain();
    await rig.send(PORTS.front, { headers: { 'x-dev-session': 'pr-4' } });
    expect((await rig.admin('/healthz', 'none')).status).toBe(200);
    const { body } = await rig.admin('/metrics', 'none');
    expect(body).toContain(
      'tekton_dag_router_requests_total{namespace="staging",service="back",backend="intercept",tagged="true",code_class="2xx"} 1',
    );
    expect(body).toMatch(/tekton_dag_router_request_duration_seconds_bucket/);
    expect(body).toMatch(/tekton_dag_router_open_connections \d/);
    expect(body).not.toContain('pr-4');
  });
});

function meta(sequence: number) {
  return { sequence, timeUnixMs: expect.any(Number), durationMs: expect.any(Number) };
}
