/** Steps deploy-intercepts-gateway and cleanup against an API over HTTP and apps that answer. */

import { kinds, type Deployment } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempForge, type TempForge } from '../src/testing/index.ts';
import { pushStack } from './shop-stack.ts';
import { startWorkloads } from './start-workloads.ts';
import { APPS, createStepRig, namesIn, RUN } from './step-rig.ts';
import { bootstrap, prepareChange } from './deployed-shop.ts';

let forge: TempForge;

beforeAll(async () => {
  forge = await createTempForge();
});

afterAll(async () => await forge[Symbol.asyncDispose]());

const containerOf = (deployment: Deployment | undefined) => deployment?.spec?.template.spec?.containers[0];

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
