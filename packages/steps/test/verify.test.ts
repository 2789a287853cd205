/** Steps that verify: evidence of routers that the test plays, and answers of apps. */

import { createServer } from 'node:http';
import { randomInt } from 'node:crypto';
import { kinds } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempForge, type TempForge } from '../src/testing/index.ts';
import { close, listen } from './listen.ts';
import { startWorkloads } from './start-workloads.ts';
import { APPS, createStepRig, RUN, RUNS, type StepRig } from './step-rig.ts';
import { bootstrap, prepareChange, sessionOf } from './deployed-shop.ts';

let forge: TempForge;

beforeAll(async () => {
  forge = await createTempForge();
});

afterAll(async () => await forge[Symbol.asyncDispose]());

interface Evidence {
  readonly hops: readonly Record<string, unknown>[];
  readonly untagged?: readonly Record<string, unknown>[];
}

/** What a router says of the route to the pull request's pods of api; without endpoints while it waits for them. */
const tableWith = (session: string, endpoints: readonly object[] = [{ address: '127.0.0.1', port: 1 }]) => ({
  services: [
    {
      namespace: APPS,
      service: 'api',
      rules: [
        { route: `api-${session}`, backends: [{ service: `api-${session}`, endpoints }] },
        { route: 'refused', refused: 'it cannot be kept' },
      ],
    },
  ],
});

/** Two routers, each of which knows a half of the evidence, and both of whose counters count. */
const startRouters = async (
  rig: StepRig,
  evidence: () => Evidence[],
  counters: () => unknown,
  table: (index: number) => unknown = () => tableWith(sessionOf(rig)),
): Promise<void> => {
  const token =
    (await rig.client.resource(kinds.secrets, APPS).get('tekton-dag-router'))?.data?.['token'] ?? '';
  const bearer = `Bearer ${Buffer.from(token, 'base64').toString('utf8')}`;
  for (const index of [0, 1]) {
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      if (request.headers.authorization !== bearer) response.writeHead(401).end();
      else if (path === '/counters')
        response.end(JSON.stringify(index === 0 ? counters() : { services: [] }));
      else if (path === '/routes') response.end(JSON.stringify(table(index)));
      else if (evidence()[index] === undefined) response.writeHead(404).end();
      else response.end(JSON.stringify({ traceId: path.slice(10), ...evidence()[index] }));
    });
    const address = `127.77.${randomInt(1, 250)}.${randomInt(1, 250)}`;
    await listen(server, 15_021, address);
    rig.defer(async () => await close(server));
    rig.api.put(`/api/v1/namespaces/${APPS}/pods`, {
      metadata: {
        name: `router-${index}`,
        namespace: APPS,
        labels: { 'app.kubernetes.io/name': 'tekton-dag-router' },
      },
      status: { podIP: address, conditions: [{ type: 'Ready', status: 'True' }] },
    });
  }
  await rig.client.resource(kinds.pods, APPS).delete('tekton-dag-router-pod');
};

const hop = (
  service: string,
  caller: string | null,
  session: string,
  more: Record<string, unknown> = {},
) => ({
  sequence: 1,
  timeUnixMs: 1,
  namespace: APPS,
  service,
  caller,
  session,
  header: true,
  baggage: false,
  backend: `${service}-baseline`,
  pod: `${service}-pod`,
  status: 200,
  durationMs: 1,
  ...more,
});

describe('verify', () => {
  const arrange = async (rig: StepRig): Promise<string> => {
    startWorkloads(rig);
    await bootstrap(rig, () => ({}));
    const session = await prepareChange(rig);
    const name = `api-${session}`;
    const intercepts = [
      { app: 'api', namespace: APPS, service: name, deployment: name, route: name, pod: 'p' },
    ];
    await rig.client
      .resource(kinds.configmaps, RUNS)
      .patch(RUN, { data: { 'intercepts.json': JSON.stringify(intercepts) } }, { type: 'merge' });
    return session;
  };

  it('passes when evidence of all routers together shows the session on every required edge', async () => {
    await using rig = await createStepRig(forge);
    const session = await arrange(rig);
    const api = hop('api', 'mid', session, { backend: `api-${session}`, pod: 'p' });
    await startRouters(
      rig,
      () => [{ hops: [hop('web', null, session), api] }, { hops: [hop('mid', 'web', session)] }],
      () => ({ services: [] }),
    );
    expect(await rig.run('verify-propagation')).toMatchObject({ code: 0, stderr: '' });
    expect(rig.record('propagation.json')).toMatchObject({
      verdict: 'passed',
      session,
      edges: [
        { caller: 'web', callee: 'mid', verdict: 'passed' },
        { caller: 'mid', callee: 'api', verdict: 'passed' },
      ],
      apps: [{ app: 'api', pod: 'p', verdict: 'passed' }],
    });
  });

  it('sends nothing before every router knows the way to the pods', async () => {
    await using rig = await createStepRig(forge);
    const session = await arrange(rig);
    let asked = 0;
    const lagging = (index: number): unknown => {
      if (index === 0) return tableWith(session);
      asked += 1;
      if (asked === 1) return { services: [] };
      return tableWith(session, asked === 2 ? [] : undefined);
    };
    // Traces that go out too early are seen by no router.
    const hops = () => (asked < 3 ? [] : [hop('web', null, session), hop('mid', 'web', session)]);
    const api = hop('api', 'mid', session, { backend: `api-${session}`, pod: 'p' });
    await startRouters(
      rig,
      () => [{ hops: [...hops(), api] }],
      () => ({ services: [] }),
      lagging,
    );
    const run = await rig.run('verify-propagation', { EVIDENCE_TIMEOUT_MS: '1' });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(asked).toBe(3);
  });

  it('fails and names the router that never knows the way', async () => {
    await using rig = await createStepRig(forge);
    const session = await arrange(rig);
    await startRouters(
      rig,
      () => [],
      () => ({ services: [] }),
      (index) => (index === 0 ? tableWith(session) : tableWith('another')),
    );
    const run = await rig.run('verify-propagation', { ROUTES_TIMEOUT_MS: '1' });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`router ${APPS}/router-1 does not send requests along route api-${session}`);
    expect(run.stderr).not.toContain('session was dropped');
  });

  it('fails and names the edge that dropped the session', async () => {
    await using rig = await createStepRig(forge);
    const session = await arrange(rig);
    const { session: _, header: __, baggage: ___, ...untagged } = hop('api', 'mid', session);
    await startRouters(
      rig,
      () => [
        { hops: [hop('web', null, session)], untagged: [untagged] },
        { hops: [hop('mid', 'web', session)] },
      ],
      () => ({ services: [] }),
    );
    const run = await rig.run('verify-propagation', { EVIDENCE_TIMEOUT_MS: '1' });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('edge mid -> api: api got the request without the session');
    expect(run.stderr).not.toContain('web -> mid');
    expect(rig.record('propagation.json')).toMatchObject({ verdict: 'failed' });
  });

  it('fails when the entry cannot be reached', async () => {
    await using rig = await createStepRig(forge);
    await arrange(rig);
    await startRouters(
      rig,
      () => [],
      () => ({ services: [] }),
    );
    await rig.client
      .resource(kinds.services, APPS)
      .patch('web', { spec: { ports: [{ port: 1 }] } }, { type: 'merge' });
    expect(await rig.run('verify-propagation')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('entry web does not answer'),
    });
  });

  const countersWith = (session: string, stray: number) => {
    let asked = 0;
    return () => {
      asked += 1;
      return {
        services: ['web', 'mid', 'api'].map((service) => ({
          namespace: APPS,
          service,
          backends: [
            { backend: `${service}-baseline`, tagged: 0, untagged: asked },
            ...(service === 'api' ? [{ backend: `api-${session}`, tagged: 1, untagged: stray }] : []),
          ],
        })),
      };
    };
  };

  it('passes when untagged requests are answered by the baseline alone', async () => {
    await using rig = await createStepRig(forge);
    const session = await arrange(rig);
    await startRouters(rig, () => [], countersWith(session, 0));
    expect(await rig.run('verify-original-traffic')).toMatchObject({ code: 0, stderr: '' });
    expect(rig.record('original-traffic.json')).toMatchObject({
      verdict: 'passed',
      apps: [{ app: 'web' }, { app: 'mid' }, { app: 'api', backend: 'api-baseline', untaggedToChange: 0 }],
    });
  });

  it("fails when an untagged request reached the pull request's pods", async () => {
    await using rig = await createStepRig(forge);
    const session = await arrange(rig);
    await startRouters(rig, () => [], countersWith(session, 1));
    const run = await rig.run('verify-original-traffic');
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("api: 1 untagged request(s) reached the pull request's pods"),
    });
  });

  it('fails when an app is unreachable', async () => {
    await using rig = await createStepRig(forge);
    const session = await arrange(rig);
    await startRouters(rig, () => [], countersWith(session, 0));
    await rig.client
      .resource(kinds.services, APPS)
      .patch('mid', { spec: { ports: [{ port: 1 }] } }, { type: 'merge' });
    expect(await rig.run('verify-original-traffic')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('mid: unreachable'),
    });
  });
});
