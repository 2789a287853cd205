/** Steps deploy-baseline, deploy-intercepts-gateway, verify and cleanup against an API over HTTP and apps that answer. */
import { createServer } from 'node:http';
import { randomInt } from 'node:crypto';
import { kinds, type Deployment } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpRoutes } from '../src/kubernetes/run-kinds.ts';
import { createTempForge, type TempForge } from '../src/testing/index.ts';
import {
  APPS,
  close,
  createStepRig,
  DIGEST,
  listen,
  namesIn,
  prepareEnv,
  pushStack,
  putImages,
  RUN,
  RUNS,
  stackText,
  startFakeApp,
  startWorkloads,
  type StepRig,
} from './step-rig.ts';

let forge: TempForge;
beforeAll(async () => {
  forge = await createTempForge();
});
afterAll(async () => await forge[Symbol.asyncDispose]());

const BOOTSTRAP = { MODE: 'bootstrap', CHANGED_APP: '', PR_NUMBER: '', PR_REPOSITORY: '' };

const sessionOf = (rig: StepRig): string =>
  /"session":"([^"]+)"/.exec(JSON.stringify(rig.record('plan.json')))?.[1] ?? '';

/** Bootstraps a stack whose three Services all lead to one app that answers as `answer` says. */
const bootstrap = async (rig: StepRig, answer: Parameters<typeof startFakeApp>[1]) => {
  const app = await startFakeApp(rig, answer);
  const { port } = app;
  await pushStack(rig, stackText({ web: port, mid: port, api: port }));
  expect(await rig.run('prepare', prepareEnv(rig, BOOTSTRAP))).toMatchObject({ code: 0 });
  await putImages(rig, ['web', 'mid', 'api']);
  expect(await rig.run('deploy-baseline')).toMatchObject({ code: 0, stderr: '' });
  return app;
};

const prepareChange = async (rig: StepRig, digest = `sha256:${'e'.repeat(64)}`): Promise<string> => {
  expect(await rig.run('prepare', prepareEnv(rig))).toMatchObject({ code: 0 });
  await putImages(rig, ['api'], digest);
  return sessionOf(rig);
};

const containerOf = (deployment: Deployment | undefined) => deployment?.spec?.template.spec?.containers[0];

describe('deploy-baseline', () => {
  it('makes Deployments, Services, routes and a router, pinned by digest', async () => {
    await using rig = await createStepRig(forge);
    startWorkloads(rig);
    await bootstrap(rig, () => ({}));
    expect(await namesIn(rig, 'deployments', APPS)).toEqual(['api', 'mid', 'tekton-dag-router', 'web']);
    expect(await namesIn(rig, 'services', APPS)).toEqual([
      'api',
      'api-baseline',
      'mid',
      'mid-baseline',
      'web',
      'web-baseline',
    ]);
    const deployment = await rig.client.resource(kinds.deployments, APPS).get('mid');
    const container = containerOf(deployment);
    expect(container?.image).toBe(`${rig.registry.host}/team/mid@${DIGEST}`);
    expect(container?.env).toEqual(
      expect.arrayContaining([
        { name: 'SESSION_HEADER', value: 'x-dev-session' },
        { name: 'BAGGAGE_KEY', value: 'dev-session' },
        { name: 'PROPAGATION_ROLE', value: 'forwarder' },
        {
          name: 'DOWNSTREAM_API_URL',
          value: expect.stringMatching(/^http:\/\/api\.staging\.svc\.cluster\.local:\d+$/),
        },
      ]),
    );
    const api = await rig.client.resource(kinds.deployments, APPS).get('api');
    expect(containerOf(api)?.env).toContainEqual({
      name: 'GREETING',
      value: "it's $$(HOME) $$$5",
    });
    const route = await rig.client.resource(httpRoutes, APPS).get('mid');
    expect(route?.spec).toMatchObject({
      parentRefs: [{ kind: 'Service', name: 'mid' }],
      rules: [{ backendRefs: [{ name: 'mid-baseline' }] }],
    });
    expect(rig.record('baseline.json')).toMatchObject({ apps: { web: { digest: DIGEST, changed: true } } });
  });

  it('gives each routed Service a port of its own and keeps it, and keeps the token', async () => {
    await using rig = await createStepRig(forge);
    startWorkloads(rig);
    const portsOf = async (): Promise<string[]> => {
      const { items } = await rig.client
        .resource(kinds.services, APPS)
        .list({ labelSelector: 'tekton-dag.io/routed=true' });
      return items.map(({ metadata, spec }) => `${metadata?.name}=${spec?.ports?.[0]?.targetPort}`).sort();
    };
    await bootstrap(rig, () => ({}));
    const first = await portsOf();
    const token = await rig.client.resource(kinds.secrets, APPS).get('tekton-dag-router');
    expect(new Set(first.map((entry) => entry.split('=')[1])).size).toBe(3);
    expect(await rig.run('deploy-baseline')).toMatchObject({ code: 0 });
    expect(await portsOf()).toEqual(first);
    expect((await rig.client.resource(kinds.secrets, APPS).get('tekton-dag-router'))?.data).toEqual(
      token?.data,
    );
    expect(rig.record('baseline.json')).toMatchObject({ apps: { web: { changed: false } } });
  });

  it('says why pods do not come up', async () => {
    await using rig = await createStepRig(forge);
    startWorkloads(rig, (name) => (name === 'mid' ? 'image-pull' : 'ready'));
    await pushStack(rig);
    await rig.run('prepare', prepareEnv(rig, BOOTSTRAP));
    await putImages(rig, ['web', 'mid', 'api']);
    rig.api.setLog(`/api/v1/namespaces/${APPS}/pods/mid-pod`, 'no config file\n');
    const run = await rig.run('deploy-baseline');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      'Deployment staging/mid: pod mid-pod ImagePullBackOff: no such image; last log lines: no config file',
    );
  });

  it('says that an app never became ready', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    await rig.run('prepare', prepareEnv(rig, BOOTSTRAP));
    await putImages(rig, ['web', 'mid', 'api']);
    const run = await rig.run('deploy-baseline', { ROLLOUT_TIMEOUT_SECONDS: '1' });
    expect(run.stderr).toMatch(/Deployment staging\/\w+ was not ready within 1 s/);
  });

  it('names the command that lets it into a namespace', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    await rig.run('prepare', prepareEnv(rig, BOOTSTRAP));
    await putImages(rig, ['web', 'mid', 'api']);
    rig.api.failNext({ method: 'POST', path: '/api/v1/namespaces', status: 403, reason: 'Forbidden' });
    const run = await rig.run('deploy-baseline');
    expect(run.stderr).toContain('tekton-dag namespace bootstrap runs --apps-namespace staging');
  });
});

describe('deploy-intercepts-gateway', () => {
  it('fails for an app that has no baseline', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    await prepareChange(rig);
    const run = await rig.run('deploy-intercepts-gateway');
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('app api has no baseline') });
  });

  it("runs the baseline's pod template with the image swapped, and proves that tagged requests arrive", async () => {
    await using rig = await createStepRig(forge);
    startWorkloads(rig);
    let session = '';
    const app = await bootstrap(rig, (headers) => {
      const tagged = headers['x-dev-session'] === session && session !== '';
      const routed = rig.api.get(
        `/apis/gateway.networking.k8s.io/v1/namespaces/${APPS}/httproutes`,
        `api-${session}`,
      );
      return tagged ? { servedBy: routed === undefined ? 'api-baseline/b' : `api-${session}/pr-pod` } : {};
    });
    session = await prepareChange(rig);
    expect(await rig.run('deploy-intercepts-gateway')).toMatchObject({ code: 0, stderr: '' });
    const name = `api-${session}`;
    expect(rig.record('intercepts.json')).toEqual([
      { app: 'api', namespace: APPS, service: name, deployment: name, route: name, pod: 'pr-pod' },
    ]);
    const baseline = await rig.client.resource(kinds.deployments, APPS).get('api');
    const deployment = await rig.client.resource(kinds.deployments, APPS).get(name);
    const container = containerOf(deployment);
    expect(container?.image).toContain(`@sha256:${'e'.repeat(64)}`);
    expect(container?.env).toEqual(containerOf(baseline)?.env);
    expect(app.requests.at(-1)?.headers).toMatchObject({
      baggage: `dev-session=${session}`,
      traceparent: expect.any(String),
    });

    const other = {
      metadata: {
        name: 'api-other',
        namespace: APPS,
        labels: { 'tekton-dag.io/run': 'another', 'tekton-dag.io/session': 's' },
      },
    };
    rig.api.put(`/apis/apps/v1/namespaces/${APPS}/deployments`, other);
    expect(await rig.run('cleanup')).toMatchObject({ code: 0 });
    expect(await namesIn(rig, 'deployments', APPS)).toEqual([
      'api',
      'api-other',
      'mid',
      'tekton-dag-router',
      'web',
    ]);
    expect(await namesIn(rig, 'services', APPS)).not.toContain(name);
    expect(await namesIn(rig, 'httproutes', APPS)).toEqual(['api', 'mid', 'web']);
  });

  it('fails when tagged requests keep going to the baseline', async () => {
    await using rig = await createStepRig(forge);
    startWorkloads(rig);
    await bootstrap(rig, () => ({ servedBy: 'api-baseline/b' }));
    await prepareChange(rig);
    const run = await rig.run('deploy-intercepts-gateway', { ARRIVAL_TIMEOUT_SECONDS: '1' });
    expect(run.stderr).toMatch(
      /a tagged request to api did not reach api-pr-42-\w+: HTTP 200 from api-baseline\/b/,
    );
  });

  it('cleans up without a plan', async () => {
    await using rig = await createStepRig(forge);
    const labels = { 'tekton-dag.io/run': RUN, 'tekton-dag.io/session': 'pr-42-abcdef' };
    rig.api.put(`/api/v1/namespaces/${APPS}/services`, {
      metadata: { name: 'left', namespace: APPS, labels },
    });
    expect(await rig.run('cleanup')).toMatchObject({ code: 0 });
    expect(await namesIn(rig, 'services', APPS)).toEqual([]);
  });
});

interface Evidence {
  readonly hops: readonly Record<string, unknown>[];
  readonly untagged?: readonly Record<string, unknown>[];
}

/** Two routers, each of which knows a half of the evidence, and both of whose counters count. */
const startRouters = async (
  rig: StepRig,
  evidence: () => Evidence[],
  counters: () => unknown,
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
