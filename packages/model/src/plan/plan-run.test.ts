import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredEdges, topologicalOrder } from '../graph/index.ts';
import type { App, Stack } from '../stack/stack.ts';
import { anyStack, generateStack } from '../testing/index.ts';
import { parsePlan } from './parse-plan.ts';
import { type PlanRequest, UNKNOWN_REVISION } from './plan-request.ts';
import { planRun } from './plan-run.ts';
import type { Plan } from './plan.ts';

const REVISION = { sha: 'a'.repeat(40), tree: 'b'.repeat(64) };

function app(name: string, downstream: readonly string[], more: Partial<App> = {}): App {
  return {
    name,
    repo: `acme/${name}`,
    role: 'middleware',
    propagationRole: downstream.length === 0 ? 'terminal' : 'forwarder',
    containerPort: 8080,
    servicePort: 80,
    contextDir: '.',
    dockerfile: 'Dockerfile',
    build: { tool: 'npm', runtime: 'custom', env: {} },
    downstream,
    tests: {},
    ...more,
  };
}

const STACK: Stack = {
  name: 'shop',
  propagation: { headerName: 'x-dev-session', baggageKey: 'dev-session' },
  defaults: { servicePort: 80, containerPort: 8080 },
  apps: [
    app('db', [], { build: { tool: 'none', runtime: 'custom', env: {} } }),
    app('api', ['db'], { namespace: 'own', tests: { postman: 'api.json' } }),
    app('web', ['api'], { tests: { command: ['true'], optional: true } }),
  ],
};

const REQUEST: PlanRequest = {
  mode: 'pr',
  team: 'default',
  stack: STACK,
  versions: { apps: { api: { version: '1.0.0-rc.1' } } },
  overrides: { web: '2.0.0-rc.0' },
  changedApps: ['api'],
  revisions: { db: REVISION, api: REVISION, web: REVISION },
  registry: 'localhost:5000/shop',
  pullRequest: 42,
  repository: 'acme/api',
  forceRebuild: false,
  interceptBackend: 'gateway',
  maxParallelBuilds: 5,
  defaultNamespace: 'staging',
};

function plan(change: Partial<PlanRequest> = {}): Plan {
  const planned = planRun({ ...REQUEST, ...change });
  if (!planned.ok) throw new Error(JSON.stringify(planned.error));
  return planned.value;
}

function failuresOf(change: Partial<PlanRequest>): string[] {
  const planned = planRun({ ...REQUEST, ...change });
  return planned.ok ? [] : planned.error.map(({ reason, message }) => `${reason} ${message}`);
}

describe('planRun for a pull request', () => {
  it('builds what changed and tests the whole stack, entry first', () => {
    const { stackSpec, session, buildApps, tests, ...rest } = plan({ runName: 'stack-pr-42-abc' });
    expect(stackSpec).toBe(STACK);
    expect(session).toMatch(/^pr-42-/);
    expect(rest).toEqual({
      mode: 'pr',
      team: 'default',
      stack: 'shop',
      pullRequest: 42,
      repository: 'acme/api',
      headerName: 'x-dev-session',
      baggageKey: 'dev-session',
      order: ['web', 'api', 'db'],
      entries: ['web'],
      chain: ['web', 'api', 'db'],
      changedApps: ['api'],
      requiredEdges: [
        { caller: 'web', callee: 'api' },
        { caller: 'api', callee: 'db' },
      ],
      requiredForwarders: ['web', 'api'],
      versions: { db: '0.1.0-rc.0', api: '1.0.0-rc.1', web: '2.0.0-rc.0' },
      namespaces: { db: 'staging', api: 'own', web: 'staging' },
      interceptBackend: 'gateway',
      maxParallelBuilds: 5,
      forceRebuild: false,
    });
    expect(buildApps).toEqual([
      {
        app: 'api',
        repository: 'acme/api',
        revision: REVISION.sha,
        tree: REVISION.tree,
        contentKey: expect.stringMatching(/^[0-9a-f]{32}$/),
        image: 'localhost:5000/shop/api',
        tags: [`c-${buildApps[0]?.contentKey}`, 'stack-pr-42-abc'],
        tool: 'npm',
        compileImage: 'ghcr.io/tekton-dag/tekton-dag-build-node:node24',
        contextDir: '.',
        dockerfile: 'Dockerfile',
        builder: 'append',
        build: { tool: 'npm', runtime: 'custom', env: {} },
      },
    ]);
    expect(tests.map((test) => [test.app, test.entry, test.repository])).toEqual([
      ['web', true, 'acme/web'],
      ['api', false, 'acme/api'],
    ]);
  });

  it('that names no app changes all', () => {
    const { changedApps, buildApps, requiredForwarders } = plan({ changedApps: [] });
    expect(changedApps).toEqual(['web', 'api', 'db']);
    expect(buildApps.map((build) => build.app)).toEqual(['web', 'api', 'db']);
    expect(buildApps[2]).not.toHaveProperty('compileImage');
    expect(requiredForwarders).toEqual(['web', 'api']);
  });
});

describe('planRun for the other modes', () => {
  it('bootstraps all apps or those asked for, without session and tests', () => {
    const { pullRequest: _number, repository: _repository, ...request } = REQUEST;
    const planned = planRun({ ...request, mode: 'bootstrap', changedApps: [], apps: ['db', 'web', 'db'] });
    if (!planned.ok) throw new Error('refused');
    expect(planned.value.buildApps.map((build) => build.app)).toEqual(['web', 'db']);
    expect(planned.value).not.toHaveProperty('session');
    expect(planned.value).toMatchObject({ tests: [], changedApps: [], requiredEdges: [] });
    expect(plan({ mode: 'bootstrap', apps: [] }).buildApps).toHaveLength(3);
  });

  it('merges by building what changed', () => {
    const merged = plan({ mode: 'merge' });
    expect(merged.buildApps.map((build) => build.app)).toEqual(['api']);
    expect(merged).toMatchObject({ tests: [], changedApps: ['api'], requiredEdges: [] });
    expect(merged).not.toHaveProperty('session');
  });
});

describe('planRun refuses', () => {
  it('everything that is wrong at once', () => {
    expect(
      failuresOf({
        changedApps: ['apj'],
        apps: ['constructor'],
        overrides: { foreign: '1.0.0', web: 'latest' },
        pullRequest: 1.5,
        repository: 'acme',
        host: 'https://github.com',
        revisions: { api: { sha: 'main', tree: 'b'.repeat(41) } },
        registry: 'https://ghcr.io',
        interceptBackend: 'mirord',
        maxParallelBuilds: 0,
        defaultNamespace: 'Staging',
        runName: 'x'.repeat(64),
      }),
    ).toEqual([
      'unknown-app changed-app: the stack shop has no app "apj"',
      'unknown-app apps: the stack shop has no app "constructor"',
      'unknown-app version-overrides: the stack shop has no app "foreign"',
      'invalid-field version-overrides: web: "latest" is not a semantic version',
      'invalid-field pr-number: 1.5 is not a pull request',
      'invalid-field pr-repository: "acme" is not a repository; write owner/name or host/owner/name',
      'invalid-field host: "https://github.com" is not a host name',
      'invalid-field app-revisions: api: "main" is no object name',
      `invalid-field app-revisions: api: "${'b'.repeat(41)}" is no object name`,
      'invalid-field image-registry: "https://ghcr.io" is not an image registry',
      'invalid-field intercept-backend: unknown backend "mirord"',
      'invalid-field max-parallel-builds: 0 is not a number of builds',
      'invalid-field default-namespace: "Staging" is not a DNS label',
      `invalid-field run name: "${'x'.repeat(64)}" is not a DNS label`,
    ]);
  });

  it('a pull request without number and repository', () => {
    const { pullRequest: _number, repository: _repository, ...request } = REQUEST;
    expect(planRun(request)).toMatchObject({
      error: [
        { reason: 'missing-field', field: 'pr-number' },
        { reason: 'missing-field', field: 'pr-repository' },
      ],
    });
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 31])('the pull request %d', (pullRequest) => {
    expect(failuresOf({ pullRequest })).toEqual([
      `invalid-field pr-number: ${pullRequest} is not a pull request`,
    ]);
  });

  it('an app that is built or tested but of which no commit is known', () => {
    expect(failuresOf({ revisions: {} })).toEqual([
      'missing-revision app-revisions: no commit is known for api',
      'missing-revision app-revisions: no commit is known for web',
    ]);
    expect(failuresOf({ mode: 'merge', revisions: { api: UNKNOWN_REVISION } })).toEqual([]);
  });

  it('a foreign app with a hint', () => {
    expect(planRun({ ...REQUEST, changedApps: ['apj'] })).toMatchObject({
      error: [{ hint: 'did you mean "api"?' }],
    });
    expect(planRun({ ...REQUEST, interceptBackend: 'istio' })).toMatchObject({
      error: [{ hint: 'use one of: gateway, telepresence, mirrord' }],
    });
  });

  it.each([
    'ghcr.io/acme/',
    'ghcr.io//acme',
    '',
    'ghcr.io/Acme',
    'ghcr.io/acme:tag',
    'a b',
    'ghcr.io/acme@x',
  ])('the registry %j', (registry) => {
    expect(failuresOf({ registry })).toHaveLength(1);
  });
});

describe('a plan', { timeout: 30_000 }, () => {
  const request = fc.tuple(anyStack(), fc.infiniteStream(fc.boolean())).map(([stack, coin]): PlanRequest => ({
    ...REQUEST,
    stack,
    versions: { apps: {} },
    overrides: {},
    changedApps: stack.apps.map(({ name }) => name).filter(() => coin.next().value),
    revisions: Object.fromEntries(stack.apps.map(({ name }) => [name, REVISION])),
  }));

  it('is the same for the same request, to the byte', () => {
    fc.assert(
      fc.property(request, (one) => {
        expect(JSON.stringify(planRun(structuredClone(one)))).toBe(JSON.stringify(planRun(one)));
      }),
      { numRuns: 50 },
    );
  });

  it('builds exactly the changed apps in order and asks for their edges', () => {
    fc.assert(
      fc.property(request, (one) => {
        const { buildApps, changedApps, requiredEdges: edges } = plan(one);
        const order = topologicalOrder(one.stack);
        const wanted =
          one.changedApps.length === 0 ? order : order.filter((n) => one.changedApps.includes(n));
        expect(buildApps.map((build) => build.app)).toEqual(wanted);
        expect(changedApps).toEqual(wanted);
        expect(edges).toEqual(requiredEdges(one.stack, wanted));
      }),
      { numRuns: 50 },
    );
  });

  it('comes back from its JSON text, every hostile value unchanged', () => {
    fc.assert(
      fc.property(request, (one) => {
        const made = plan(one);
        expect(parsePlan(JSON.stringify(made))).toEqual({ ok: true, value: made });
      }),
      { numRuns: 50 },
    );
  });

  it('of 1,000 apps has 1,000 builds', () => {
    const stack = generateStack({ apps: 1000 });
    const revisions = Object.fromEntries(stack.apps.map(({ name }) => [name, REVISION]));
    const made = plan({ stack, revisions, changedApps: [], overrides: {} });
    expect(made.buildApps).toHaveLength(1000);
    expect(new Set(made.chain).size).toBe(1000);
  });

  it.each(['', '[', 'null', '{}', '{"mode":"pr"}'])('is not read from %j', (text) => {
    expect(parsePlan(text)).toMatchObject({ ok: false, error: { reason: 'invalid-record' } });
  });
});
