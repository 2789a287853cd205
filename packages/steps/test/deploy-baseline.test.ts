/** Step deploy-baseline against an API over HTTP and pods that come up or do not. */

import { kinds, type Deployment } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpRoutes } from '../src/kubernetes/run-kinds.ts';
import { createTempForge, type TempForge } from '../src/testing/index.ts';
import { DIGEST, prepareEnv, pushStack, putImages } from './shop-stack.ts';
import { startWorkloads } from './start-workloads.ts';
import { APPS, createStepRig, namesIn } from './step-rig.ts';
import { BOOTSTRAP, bootstrap } from './deployed-shop.ts';

let forge: TempForge;

beforeAll(async () => {
  forge = await createTempForge();
});

afterAll(async () => await forge[Symbol.asyncDispose]());

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
