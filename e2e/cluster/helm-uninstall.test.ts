/** A release from its first day, without its Secrets, to its last: in a namespace that enforces Pod Security `restricted`. */

import { kinds, type Deployment } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { createHelmRelease, createReleaseSecrets, type HelmRelease } from './rig/helm-release.ts';
import { listObjects } from './rig/list-objects.ts';
import { releaseValues } from './rig/release-values.ts';
import { hasHelm, NO_HELM, runOnCluster } from './rig/run-on-cluster.ts';

const TEST_TIMEOUT_MS = 900_000;
const READY = { timeout: 180_000, interval: 1_000 };
const NAME = 'tekton-dag-shop';

let rig: ClusterRig;
let release: HelmRelease;
let values: object;

const waitingReasons = async (): Promise<readonly (string | undefined)[]> =>
  (await release.pods()).flatMap(({ status }) =>
    (status?.containerStatuses ?? []).map(({ state }) => state?.waiting?.reason),
  );

const readyReplicas = async (): Promise<number> => {
  const deployments = rig.client.resource<Deployment>(kinds.deployments, rig.namespace);
  const { items } = await deployments.list({ labelSelector: release.selector });
  return items[0]?.status?.readyReplicas ?? 0;
};

describe.skipIf(!hasHelm)(hasHelm ? 'a release' : NO_HELM, { timeout: TEST_TIMEOUT_MS }, () => {
  let before: readonly (readonly string[])[];
  const list = (): Promise<readonly (readonly string[])[]> =>
    Promise.all(
      [rig.namespace, rig.appsNamespace].map((namespace) => listObjects(rig.settings.kubeconfig, namespace)),
    );

  beforeAll(async () => {
    const namespaceLabels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    rig = await createClusterRig({ catalogFrom: 'chart', namespaceLabels });
    await rig.writeStack({ name: 'shop', apps: { api: {} } });
    before = await list();
    release = createHelmRelease(rig, NAME);
    const team = { buildCacheClaim: 'downloads' };
    values = { ...(await releaseValues(rig, { stacks: ['shop'], team })), buildCache: { create: true } };
  }, TEST_TIMEOUT_MS);
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it('waits while its Secrets are missing, and tells how to make them', async () => {
    const { code, stdout, stderr } = await release.tryApply(values);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('tekton-dag-webhook');
    expect(stdout).toContain('tekton-dag-api');
    await expect.poll(waitingReasons, READY).toEqual(['ContainerCreating']);
    expect(await readyReplicas()).toBe(0);
  });

  it('gets ready when they are there, under Pod Security restricted', async () => {
    await createReleaseSecrets(rig);
    await expect.poll(readyReplicas, READY).toBe(1);
    expect((await (await release.connect()).get('/readyz')).status).toBe(200);
  });

  it('has test pods that Pod Security restricted admits', async () => {
    const { stdout: hooks } = await release.helm('get hooks');
    expect(hooks).toContain('kind: Pod');
    const dryRun = ['create', '--dry-run=server', '--namespace', rig.namespace, '-f', '-'];
    const { kubeconfig } = rig.settings;
    const { code, stderr } = await runOnCluster({ kubeconfig, input: hooks }, 'kubectl', ...dryRun);
    expect(code, stderr).toBe(0);
  });

  it('leaves what its page says when it is uninstalled, and nothing else', async () => {
    await release.uninstall();
    const left = [
      `lease.coordination.k8s.io/${NAME}`,
      'persistentvolumeclaim/downloads',
      `persistentvolumeclaim/${NAME}-data`,
      'secret/tekton-dag-api',
      'secret/tekton-dag-webhook',
    ];
    const right = `${NAME}-apps-router-${rig.namespace}`;
    const leftWithApps = [
      `role.rbac.authorization.k8s.io/${right}`,
      `rolebinding.rbac.authorization.k8s.io/${right}`,
      'serviceaccount/tekton-dag-router',
    ];
    expect(await list()).toEqual([
      [...left, ...(before[0] ?? [])].sort(),
      [...leftWithApps, ...(before[1] ?? [])].sort(),
    ]);
  });

  it('takes its data up again when it is installed anew', async () => {
    await release.apply(values, { buildCache: { create: false } });
    expect((await (await release.connect()).get('/readyz')).status).toBe(200);
  });
});
