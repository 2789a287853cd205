/** The baseline of a release that goes: everybody's traffic goes on, also by routers that are started anew. */

import { kinds, type Deployment, type Pod, type ServiceAccount } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { createHelmRelease, type HelmRelease } from './rig/helm-release.ts';
import { releaseValues } from './rig/release-values.ts';
import { hasHelm, NO_HELM } from './rig/run-on-cluster.ts';

const TEST_TIMEOUT_MS = 900_000;
const POLL = { timeout: 240_000, interval: 1_000 };
const ROUTER = 'tekton-dag-router';
const ROUTER_PODS = { labelSelector: `app.kubernetes.io/name=${ROUTER}` };
const WITHOUT_SERVICE = { orchestrator: { enabled: false } };
const OTHER_ACCOUNTS = { apps: { serviceAccounts: { create: false } } };

let rig: ClusterRig;
let release: HelmRelease;
let values: object;

const readyRouters = async (): Promise<number> =>
  (await rig.client.resource<Deployment>(kinds.deployments, rig.appsNamespace).get(ROUTER))?.status
    ?.readyReplicas ?? 0;

const accountId = async (): Promise<string | undefined> =>
  (await rig.client.resource<ServiceAccount>(kinds.serviceaccounts, rig.appsNamespace).get(ROUTER))?.metadata
    ?.uid;

/** Ends every pod of the router, and waits until as many others are ready. */
async function restartRouters(): Promise<void> {
  const pods = rig.client.resource<Pod>(kinds.pods, rig.appsNamespace);
  const before = (await pods.list(ROUTER_PODS)).items.map(({ metadata }) => metadata?.name ?? '');
  expect(before).toHaveLength(2);
  for (const name of before) await pods.delete(name);
  const left = async (): Promise<readonly string[]> =>
    (await pods.list(ROUTER_PODS)).items
      .map(({ metadata }) => metadata?.name ?? '')
      .filter((name) => before.includes(name));
  await expect.poll(left, POLL).toEqual([]);
  await expect.poll(readyRouters, POLL).toBe(2);
}

/** The API server learns a moment later than the Deployment which pods of a Service are ready. */
const expectAnswers = async (): Promise<void> =>
  await expect.poll(async () => (await rig.ask('api')).app, POLL).toBe('api');

describe.skipIf(!hasHelm)(hasHelm ? 'the baseline' : NO_HELM, { timeout: TEST_TIMEOUT_MS }, () => {
  beforeAll(async () => {
    rig = await createClusterRig({ catalogFrom: 'chart' });
    await rig.writeStack({ name: 'shop', apps: { api: {} } });
    await rig.pushApp('api');
    release = createHelmRelease(rig, 'tekton-dag');
    values = { ...(await releaseValues(rig, { stacks: ['shop'] })), ...WITHOUT_SERVICE };
    await release.apply(values);
    const run = await rig.run('bootstrap', 'shop');
    expect(run.succeeded, explainOutcome(run)).toBe(true);
  }, TEST_TIMEOUT_MS);
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it('answers after helm uninstall, also when its routers are started anew', async () => {
    await expectAnswers();
    await release.uninstall();
    await restartRouters();
    await expectAnswers();
  });

  it('is taken over by a release of the same name, with the account that its routers have', async () => {
    const before = await accountId();
    expect(before).toBeDefined();
    await release.apply(values);
    expect(await accountId()).toBe(before);
    await release.uninstall();
  });

  it('is left as it is by a release of another name, which says that the accounts are not its own', async () => {
    const before = await accountId();
    const other = createHelmRelease(rig, 'other');
    const refused = await other.tryApply(values);
    expect(refused.stderr).toContain(`ServiceAccount "${ROUTER}"`);
    await other.apply(values, OTHER_ACCOUNTS);
    await other.uninstall();
    expect(await accountId()).toBe(before);
    await restartRouters();
    await expectAnswers();
  });
});
