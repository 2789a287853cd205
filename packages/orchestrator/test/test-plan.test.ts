/** The test plan over HTTP: what traces show stays in the store, and says which tests a change calls for. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectionTraces } from '../src/testing/index.ts';
import { startRig, type Rig } from './orchestrator-rig.ts';

const STACK = `
name: stack-demo
apps:
  - { name: demo-fe, repo: acme/demo-fe, role: frontend, build: { tool: npm }, downstream: [release-lifecycle-demo] }
  - { name: release-lifecycle-demo, repo: acme/bff, role: middleware, build: { tool: npm }, downstream: [demo-api] }
  - { name: demo-api, repo: acme/demo-api, role: persistence, build: { tool: pip } }
`;

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ files: { 'stacks/stack-one.yaml': STACK } });
});
afterAll(async () => rig[Symbol.asyncDispose]());

const get = async (path: string): Promise<unknown> => (await rig.call('GET', path)).json();
const ingest = async (body: unknown): Promise<{ code: number; body: unknown }> => {
  const answer = await rig.call('POST', '/api/graph/ingest', body);
  return { code: answer.status, body: await answer.json() };
};
const stats = { services: 3, tests: 6, touches_edges: 11, calls_edges: 2 };

describe('the graph', () => {
  it('takes traces and counts what it knows', async () => {
    expect(await ingest({ traces: collectionTraces })).toEqual({
      code: 200,
      body: { status: 'ingested', traces: 6, team: 'default', stack: 'stack-demo' },
    });
    expect(await get('/api/graph/stats')).toEqual(stats);
  });

  it('is the same after the same traces once more, in parts', async () => {
    for (const trace of collectionTraces) await ingest({ traces: [trace] });
    expect(await get('/api/graph/stats')).toEqual(stats);
  });

  it('plans by the app and the radius', async () => {
    expect(await get('/api/test-plan?app=demo-fe')).toEqual({
      tests: [
        { id: 'e2e/fe-checkout-flow', type: 'e2e' },
        { id: 'e2e/fe-smoke', type: 'e2e' },
        { id: 'individual/fe-unit-api', type: 'individual' },
      ],
      services: ['demo-api', 'demo-fe', 'release-lifecycle-demo'],
      unmapped_area: '',
      run_all: false,
      message: '3 tests selected (2 e2e, 1 individual)',
      team: 'default',
      stack: 'stack-demo',
    });
    expect(await get('/api/test-plan?app=demo-fe&radius=3')).toMatchObject({
      message: '6 tests selected (3 e2e, 3 individual)',
    });
  });

  it('says of an app without tests that everything has to run', async () => {
    expect(await get('/api/test-plan?app=new-service')).toMatchObject({
      tests: [],
      unmapped_area: 'new-service',
      run_all: true,
    });
  });

  it('outlives a restart', async () => {
    await rig.restart();
    expect(await get('/api/graph/stats')).toEqual(stats);
  });

  it('is replaced only on demand', async () => {
    const [first] = collectionTraces;
    expect((await ingest({ traces: [first], replace: true, stack_file: 'stacks/stack-one.yaml' })).code).toBe(
      200,
    );
    expect(await get('/api/graph/stats')).toEqual({ ...stats, tests: 1, touches_edges: 3 });
    expect((await ingest({ traces: collectionTraces })).code).toBe(200);
  });
});

describe('a request that cannot be served', () => {
  it.each([
    [
      'to read a file of the server',
      { fixture_file: '/etc/passwd' },
      'the service reads no files for its callers',
    ],
    ['without traces', {}, '/traces'],
    [
      'with a span without a service',
      { traces: [{ test_id: 't', spans: [{}] }] },
      '/traces/0/spans/0/service',
    ],
  ])('%s is refused with the reason', async (_title, body, reason) => {
    const answer = await ingest(body);
    expect(answer).toMatchObject({ code: 400, body: { code: 'invalid-request' } });
    expect(JSON.stringify(answer.body)).toContain(reason);
    expect(JSON.stringify(answer.body)).not.toContain('root:');
  });

  it.each(['', '?app=demo-fe&radius=0', '?app=demo-fe&radius=many', '?app='])(
    'GET /api/test-plan%s is refused',
    async (query) => {
      expect((await rig.call('GET', `/api/test-plan${query}`)).status).toBe(400);
    },
  );

  it('names a team or a stack that is not there', async () => {
    expect((await rig.call('GET', '/api/test-plan?app=demo-fe&team=others')).status).toBe(404);
  });
});
