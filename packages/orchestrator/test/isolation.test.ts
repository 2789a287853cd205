/**
 * Isolation: an admin of team shop reads, runs, cancels and sees nothing of team bank. The routes come from the OpenAPI
 * document: a route without a case here fails.
 */

import type { PipelineRun } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { pipelineRunsIn } from '../src/runs/pipeline-runs.ts';
import { pullRequestPayload } from '../src/testing/index.ts';
import { startApiRig, type ApiRig, type CallOptions } from './api-rig.ts';

const OUTSIDER = 'shop-admin';
const OWNER = 'bank-admin';
const HOST = 'github.com';

let api: ApiRig;
let bankRun: string;
let before: readonly PipelineRun[];

const routesSchema = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

beforeAll(async () => {
  api = await startApiRig();
  for (const repository of ['acme/bank-api', 'acme/shop-api', 'acme/shared']) {
    const name = repository.replace('acme/', '');
    await api.rig.deliver(pullRequestPayload({ repository, number: 7 }), { id: `delivery-of-${name}` });
  }
  for (const caller of [OWNER, OUTSIDER] as const) {
    await vi.waitFor(
      async () => expect(await namesOf(await api.as(caller, 'GET', '/api/runs'))).toHaveLength(2),
      { timeout: 20_000 },
    );
  }
  [bankRun = ''] = await namesOf(await api.as(OWNER, 'GET', '/api/runs?app=bank-api'));
  const traces = [
    { test_id: 'bank-test', test_type: 'e2e', spans: [{ service: 'bank-api', resource: '/' }] },
  ];
  const ingested = await api.as(OWNER, 'POST', '/api/graph/ingest', { body: { team: 'bank', traces } });
  expect(ingested.status).toBe(200);
  before = await bankRuns();
});
afterAll(async () => api[Symbol.asyncDispose]());

async function namesOf(response: Response): Promise<string[]> {
  const runs: { name: string }[] = JSON.parse(await response.text());
  return runs.map(({ name }) => name);
}

async function bankRuns(): Promise<readonly PipelineRun[]> {
  return (await pipelineRunsIn(api.rig.client, 'bank-runs').list()).items.toSorted((a, b) =>
    (a.metadata.name ?? '').localeCompare(b.metadata.name ?? ''),
  );
}

/** The list has something of bank for its owner, and nothing for the outsider; a filter for bank changes nothing. */
function hidesInList(path: string, filters: readonly string[] = []): () => Promise<void> {
  return async () => {
    expect(await (await api.as(OWNER, 'GET', path)).text()).toMatch(/bank/);
    for (const query of ['', ...filters]) {
      const response = await api.as(OUTSIDER, 'GET', `${path}${query}`);
      expect(response.status).toBe(200);
      expect(await response.text(), query).not.toMatch(/bank/);
    }
  };
}

/** What is bank's and what nobody has look the same. */
function looksLikeNothing(
  method: string,
  path: (name: string) => string,
  options: { readonly real: () => string; readonly call?: (name: string) => CallOptions },
): () => Promise<void> {
  return async () => {
    const ask = async (name: string) => {
      const response = await api.as(OUTSIDER, method, path(name), options.call?.(name));
      return { status: response.status, text: (await response.text()).replaceAll(name, 'NAME') };
    };
    const answer = await ask(options.real());
    expect(answer.status).toBe(404);
    expect(answer).toEqual(await ask(`${options.real()}x`));
  };
}

/** Reads for a while what the stream sends from its beginning. */
async function readStream(caller: 'shop-admin' | 'bank-admin', path: string, until: RegExp): Promise<string> {
  const stop = new AbortController();
  const response = await api.as(caller, 'GET', path, { signal: stop.signal });
  expect(response.status).toBe(200);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (until.test(text)) break;
  }
  stop.abort();
  return text;
}

const bankTeam = { real: () => 'bank', call: (team: string): CallOptions => ({ body: bodyFor(team) }) };
const bodyFor = (team: string): object => ({ team, changed_app: 'shop-api', pr_number: 1 });

const refusesPlatformWork = (method: string, path: string) => async (): Promise<void> => {
  expect((await api.as(OUTSIDER, method, path)).status).toBe(403);
};
const isOpen = (): Promise<void> => Promise.resolve();

const runPath =
  (action = '') =>
  (name: string): string =>
    `/api/runs/bank-runs/${name}${action}`;
const realRun = { real: (): string => bankRun };
const realDelivery = { real: (): string => 'delivery-of-bank-api' };
const deliveryPath =
  (action = '') =>
  (id: string): string =>
    `/api/deliveries/${HOST}/${id}${action}`;

const CASES: Readonly<Record<string, () => Promise<void>>> = {
  'GET /openapi.json': isOpen,
  'GET /healthz': isOpen,
  'GET /readyz': isOpen,
  'POST /webhook/github': isOpen,
  'POST /webhook/github/{name}': isOpen,
  'POST /webhook/gitea': isOpen,
  'POST /webhook/gitea/{name}': isOpen,
  'POST /webhook/triggers/github': isOpen,
  'POST /webhook/triggers/github/{name}': isOpen,
  'POST /webhook/triggers/gitea': isOpen,
  'POST /webhook/triggers/gitea/{name}': isOpen,
  'GET /metrics': refusesPlatformWork('GET', '/metrics'),
  'POST /api/reload': refusesPlatformWork('POST', '/api/reload'),
  'GET /api/stacks': hidesInList('/api/stacks'),
  'GET /api/teams': hidesInList('/api/teams'),
  'GET /api/audit': hidesInList('/api/audit', ['?caller=token/bank-admin']),
  'GET /api/runs': hidesInList('/api/runs', [
    '?team=bank',
    '?stack=bank-stack',
    '?app=bank-api',
    '?repository=acme/bank-api',
  ]),
  'GET /api/deliveries': hidesInList('/api/deliveries', ['?repository=acme/bank-api', '?state=done']),
  'GET /api/runs/{namespace}/{name}': looksLikeNothing('GET', runPath(), realRun),
  'GET /api/runs/{namespace}/{name}/logs': looksLikeNothing('GET', runPath('/logs'), realRun),
  'POST /api/runs/{namespace}/{name}/cancel': looksLikeNothing('POST', runPath('/cancel'), realRun),
  'POST /api/runs/{namespace}/{name}/rerun': looksLikeNothing('POST', runPath('/rerun'), realRun),
  'GET /api/deliveries/{host}/{id}': looksLikeNothing('GET', deliveryPath(), realDelivery),
  'GET /api/deliveries/{host}/{id}/explain': looksLikeNothing('GET', deliveryPath('/explain'), realDelivery),
  'POST /api/deliveries/{host}/{id}/replay': looksLikeNothing('POST', deliveryPath('/replay'), realDelivery),
  'POST /api/run': looksLikeNothing('POST', () => '/api/run', bankTeam),
  'POST /api/bootstrap': looksLikeNothing('POST', () => '/api/bootstrap', {
    real: () => 'bank',
    call: (team) => ({ body: { team } }),
  }),
  'POST /api/graph/ingest': looksLikeNothing('POST', () => '/api/graph/ingest', {
    real: () => 'bank',
    call: (team) => ({ body: { team, traces: [] } }),
  }),
  'GET /api/test-plan': looksLikeNothing('GET', (team) => `/api/test-plan?app=shop-api&team=${team}`, {
    real: () => 'bank',
  }),
  'GET /api/graph/stats': async () => {
    const own = await (await api.as(OUTSIDER, 'GET', '/api/graph/stats')).json();
    expect(own).toMatchObject({ tests: 0, services: 0 });
    expect(await (await api.as(OWNER, 'GET', '/api/graph/stats')).json()).toMatchObject({ tests: 1 });
  },
  'GET /api/events': async () => {
    expect(await readStream(OWNER, '/api/events?from=start', /"subject":"[^"]*bank/)).toMatch(/bank/);
    const seen = await readStream(OUTSIDER, '/api/events?from=start', /shop-runs/);
    expect(seen).not.toMatch(/bank/);
  },
};

describe('an admin of team shop, of team bank', async () => {
  it.each(Object.entries(CASES))('%s', (_route, check) => check());

  it('meets a case for every route of the OpenAPI document', async () => {
    const { paths } = routesSchema.parse(await (await fetch(`${api.rig.url}/openapi.json`)).json());
    const routes = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual(Object.keys(CASES).sort());
  });

  it('has run and changed nothing', async () => {
    expect(await bankRuns()).toEqual(before);
  });

  it('sees of a delivery that concerns both only its own part', async () => {
    const path = `/api/deliveries/${HOST}/delivery-of-shared`;
    expect(await (await api.as(OUTSIDER, 'GET', path)).text()).not.toMatch(/bank/);
    expect(await (await api.as('both-viewer', 'GET', path)).text()).toMatch(/bank.*shop|shop.*bank/s);
  });

  it('cannot take a stack of bank, by its file', async () => {
    const body = { changed_app: 'bank-api', pr_number: 1, stack_file: 'stacks/bank.yaml' };
    for (const team of [undefined, 'shop']) {
      const response = await api.as(OUTSIDER, 'POST', '/api/run', { body: { ...body, team } });
      expect(response.status).toBe(403);
      expect(await response.text()).not.toMatch(/bank/);
    }
  });

  it('finds no app of bank', async () => {
    const response = await api.as(OUTSIDER, 'POST', '/api/run', {
      body: { changed_app: 'bank-api', pr_number: 1 },
    });
    expect(response.status).toBe(400);
    const none = await api.as(OUTSIDER, 'POST', '/api/run', {
      body: { changed_app: 'bank-apx', pr_number: 1 },
    });
    expect((await response.text()).replaceAll('bank-api', 'bank-apx')).toBe(await none.text());
  });
});
