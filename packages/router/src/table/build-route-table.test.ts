import { describe, expect, it } from 'vitest';
import { endpointSliceOf, interceptRouteOf, routedServiceOf, serviceRouteOf } from '../testing/index.ts';
import { buildRouteTable } from './build-route-table.ts';
import { matchRoute, type RequestFacts } from './match-route.ts';
import type { RouteRule, RouteTable } from './route-table.ts';

const PORT = 20_000;
const services = [routedServiceOf({ name: 'app', port: PORT })];

function tableOf(httpRoutes: readonly object[], endpointSlices: readonly object[] = []): RouteTable {
  return buildRouteTable({ services, httpRoutes, endpointSlices });
}

function ruleFor(table: RouteTable, facts: Partial<RequestFacts> = {}): RouteRule | undefined {
  const service = table.byPort.get(PORT);
  if (service === undefined) throw new Error('the Service is not routed');
  return matchRoute(service, { method: 'GET', target: '/', headers: {}, ...facts });
}

function backendFor(table: RouteTable, facts: Partial<RequestFacts> = {}): string | undefined {
  const action = ruleFor(table, facts)?.action;
  return action?.kind === 'forward' ? action.backends[0]?.service : action?.reason;
}

/** One route for each named match; the name is the backend. */
function routesOf(matches: Readonly<Record<string, object>>): object[] {
  return Object.entries(matches).map(([name, match]) =>
    serviceRouteOf({ service: 'app', name, rules: [{ matches: [match], backendRefs: [{ name }] }] }),
  );
}

describe('precedence of matches', () => {
  const prefix = (value: string) => ({ path: { type: 'PathPrefix', value } });
  it('puts an exact path before a pattern before the longest prefix', () => {
    const table = tableOf(
      routesOf({
        all: prefix('/'),
        long: prefix('/a/b'),
        pattern: { path: { type: 'RegularExpression', value: '/a/b/[0-9]+' } },
        exact: { path: { type: 'Exact', value: '/a/b/7' } },
        short: prefix('/a'),
      }),
    );
    const at = (target: string) => backendFor(table, { target });
    expect([at('/x'), at('/a'), at('/a/b'), at('/a/b/6'), at('/a/b/7'), at('/a/b/c')]).toEqual([
      'all',
      'short',
      'long',
      'pattern',
      'exact',
      'long',
    ]);
  });

  it('then prefers a method, then more headers, then more query parameters', () => {
    const header = (name: string) => ({ type: 'Exact', name, value: '1' });
    const table = tableOf(
      routesOf({
        plain: {},
        query: { queryParams: [{ name: 'q', value: '1' }] },
        one: { headers: [header('x-a')] },
        two: { headers: [header('x-a'), header('x-b')] },
        method: { method: 'POST' },
      }),
    );
    expect(backendFor(table)).toBe('plain');
    expect(backendFor(table, { target: '/?q=1' })).toBe('query');
    expect(backendFor(table, { target: '/?q=1', headers: { 'x-a': '1' } })).toBe('one');
    expect(backendFor(table, { headers: { 'x-a': '1', 'x-b': '1' } })).toBe('two');
    expect(backendFor(table, { method: 'POST', headers: { 'x-a': '1', 'x-b': '1' } })).toBe('method');
  });

  it('then prefers the oldest route, then the first name, then the first rule', () => {
    const rules = (name: string) => [{ backendRefs: [{ name }] }, { backendRefs: [{ name: 'never' }] }];
    const younger = serviceRouteOf({
      service: 'app',
      name: 'a',
      createdAt: '2026-02-01T00:00:00Z',
      rules: rules('younger'),
    });
    const older = serviceRouteOf({ service: 'app', name: 'z', rules: rules('older') });
    const sameAge = serviceRouteOf({ service: 'app', name: 'b', rules: rules('same-age') });
    expect(backendFor(tableOf([younger, older]))).toBe('older');
    expect(backendFor(tableOf([younger, older, sameAge]))).toBe('same-age');
  });

  it('matches whole path elements, without the query, and takes absolute targets for what they are', () => {
    const table = tableOf(routesOf({ all: prefix('/'), api: prefix('/api/') }));
    const at = (target: string) => backendFor(table, { target });
    expect([at('/api'), at('/api/'), at('/api?x=/y'), at('/api/v1'), at('/apis'), at('/?p=/api')]).toEqual([
      'api',
      'api',
      'api',
      'api',
      'all',
      'all',
    ]);
  });

  it('lets the first of several entries for one header count, and header names in any case', () => {
    const headers = [
      { name: 'X-Team', value: 'a' },
      { name: 'x-team', value: 'b' },
    ];
    const table = tableOf(routesOf({ all: {}, team: { headers } }));
    expect(backendFor(table, { headers: { 'x-team': 'a' } })).toBe('team');
    expect(backendFor(table, { headers: { 'x-team': 'b' } })).toBe('all');
  });
});

describe('a thousand sessions', () => {
  it('are told apart by header and by baggage', () => {
    const sessions = Array.from({ length: 1_000 }, (_, at) => `pr-${at + 1}`);
    const intercepts = sessions.map((session) => interceptRouteOf({ service: 'app', session }));
    const table = tableOf([serviceRouteOf({ service: 'app' }), ...intercepts]);
    expect(table.problems).toEqual([]);
    expect(table.byPort.get(PORT)?.matches.length).toBe(2_001);
    expect(backendFor(table)).toBe('app-baseline');
    for (const session of ['pr-1', 'pr-10', 'pr-100', 'pr-1000']) {
      expect(backendFor(table, { headers: { 'x-dev-session': session } })).toBe(`app-${session}`);
      expect(backendFor(table, { headers: { baggage: `a=b, dev-session=${session}` } })).toBe(
        `app-${session}`,
      );
      expect(ruleFor(table, { headers: { 'x-dev-session': session } })?.isIntercept).toBe(true);
    }
    expect(backendFor(table, { headers: { 'x-dev-session': 'pr-1001' } })).toBe('app-baseline');
  });
});

describe('endpoints', () => {
  const at = (pod: string, more: object = {}) => ({
    address: `10.0.0.${pod.length}`,
    port: 8_080,
    pod,
    ...more,
  });
  const endpointsOf = (slices: readonly object[]) => {
    const action = ruleFor(tableOf([serviceRouteOf({ service: 'app' })], slices))?.action;
    return action?.kind === 'forward' ? action.backends[0]?.endpoints.map(({ pod }) => pod) : undefined;
  };

  it('are the ready ones of all slices of the Service', () => {
    const slices = [
      ...endpointSliceOf({ service: 'app-baseline', endpoints: [at('a'), at('bb', { ready: false })] }),
      ...endpointSliceOf({ service: 'app-baseline', endpoints: [{ ...at('ccc'), port: 9_090 }] }),
      ...endpointSliceOf({ service: 'other', endpoints: [at('dddd')] }),
    ];
    expect(endpointsOf(slices)).toEqual(['a', 'ccc']);
  });

  it('are those that end but still serve when none is ready', () => {
    const endpoints = [at('a', { ready: false, serving: true }), at('bb', { ready: false, serving: false })];
    expect(endpointsOf(endpointSliceOf({ service: 'app-baseline', endpoints }))).toEqual(['a']);
  });

  it('are none when there is no slice', () => {
    expect(endpointsOf([])).toEqual([]);
  });
});

describe('what the router cannot keep', () => {
  it('refuses a rule with a filter it does not know, and says so', () => {
    const filters = [{ type: 'URLRewrite', urlRewrite: { hostname: 'x.example' } }];
    const table = tableOf([
      serviceRouteOf({ service: 'app', rules: [{ filters, backendRefs: [{ name: 'x' }] }] }),
    ]);
    expect(ruleFor(table)?.action).toEqual({
      kind: 'refuse',
      reason: 'filter type "URLRewrite" is not supported',
    });
    expect(table.problems).toEqual([
      { kind: 'HTTPRoute', name: 'staging/app', message: 'filter type "URLRewrite" is not supported' },
    ]);
  });

  it.each([
    ['no backend', []],
    ['only backends without weight', [{ name: 'x', weight: 0 }]],
    ['a backend that is no Service', [{ name: 'x', kind: 'Bucket', group: 'example.com' }]],
    ['a backend of another namespace', [{ name: 'x', namespace: 'production' }]],
  ])('refuses a rule with %s', (_, backendRefs) => {
    const table = tableOf([serviceRouteOf({ service: 'app', rules: [{ backendRefs }] })]);
    expect(ruleFor(table)?.action.kind).toBe('refuse');
    expect(table.problems).toHaveLength(1);
  });

  it.each([
    ['Content-Length', '1'],
    ['transfer-encoding', 'chunked'],
    ['x a', 'space in the name'],
    ['x-a', 'line\r\nx-b: break'],
  ])('refuses to set the header %j to %j', (name, value) => {
    const filters = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name, value }] } }];
    const table = tableOf([
      serviceRouteOf({ service: 'app', rules: [{ filters, backendRefs: [{ name: 'x' }] }] }),
    ]);
    expect(ruleFor(table)?.action.kind).toBe('refuse');
  });

  it('leaves out a match with a pattern it does not support, and keeps the other matches of the rule', () => {
    const matches = [
      { headers: [{ type: 'RegularExpression', name: 'x-a', value: '(?=a)' }] },
      { headers: [{ name: 'x-b', value: '1' }] },
    ];
    const table = tableOf([
      serviceRouteOf({ service: 'app', rules: [{ matches, backendRefs: [{ name: 'x' }] }] }),
    ]);
    expect(table.problems).toHaveLength(1);
    expect(backendFor(table, { headers: { 'x-a': 'a' } })).toBeUndefined();
    expect(backendFor(table, { headers: { 'x-b': '1' } })).toBe('x');
  });

  it('gives a port that two Services claim to the older one', () => {
    const younger = routedServiceOf({ name: 'aaa', port: PORT });
    const table = buildRouteTable({
      services: [
        { ...younger, metadata: { ...younger.metadata, creationTimestamp: '2026-03-01T00:00:00Z' } },
        ...services,
      ],
      httpRoutes: [],
      endpointSlices: [],
    });
    expect(table.byPort.get(PORT)?.service).toBe('app');
    expect(table.problems.map(({ message }) => message)).toEqual([
      'targetPort 20000 is taken by Service staging/app',
    ]);
  });

  it('survives objects of any shape', () => {
    const nonsense = [
      null,
      7,
      'x',
      {},
      { metadata: 3 },
      { metadata: { name: 'x', namespace: 'y' }, spec: { rules: 'no' } },
    ];
    const table = buildRouteTable({ services: nonsense, httpRoutes: nonsense, endpointSlices: nonsense });
    expect(table.byPort.size).toBe(0);
    expect(table.problems.length).toBeGreaterThan(10);
  });

  it('ignores routes of other parents and of other namespaces', () => {
    const other = serviceRouteOf({ service: 'other' });
    const foreign = serviceRouteOf({ service: 'app', namespace: 'production' });
    const gateway = {
      ...serviceRouteOf({ service: 'app' }),
      spec: { parentRefs: [{ name: 'app' }], rules: [{}] },
    };
    expect(ruleFor(tableOf([other, foreign, gateway]))).toBeUndefined();
  });
});

describe('annotations of a Service', () => {
  it('name the session header and the baggage key', () => {
    const annotations = { 'tekton-dag.io/session-header': 'X-Trail', 'tekton-dag.io/baggage-key': 'trail' };
    const table = buildRouteTable({
      services: [routedServiceOf({ name: 'app', port: PORT, annotations })],
      httpRoutes: [],
      endpointSlices: [],
    });
    expect(table.byPort.get(PORT)).toMatchObject({ sessionHeader: 'x-trail', baggageKey: 'trail' });
  });

  it('are refused when they name no header', () => {
    const annotations = { 'tekton-dag.io/session-header': 'not a header' };
    const table = buildRouteTable({
      services: [routedServiceOf({ name: 'app', port: PORT, annotations })],
      httpRoutes: [],
      endpointSlices: [],
    });
    expect(table.byPort.get(PORT)?.sessionHeader).toBe('x-dev-session');
    expect(table.problems).toHaveLength(1);
  });
});
