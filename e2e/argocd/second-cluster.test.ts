/** A team on another cluster than the others: its file says which, and its objects are there and not here. */

import { kinds, type Secret } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../chart/rig/find-program.ts';
import { runOrThrow } from '../cluster/rig/run-on-cluster.ts';
import { ARGOCD_NAMESPACE, complaintsOf } from './rig/argo-application.ts';
import { createArgoRig, type ArgoRig } from './rig/argo-rig.ts';
import { ARGO_SKIP } from './rig/argo-skip.ts';
import { SECOND_CLUSTER_PROGRAMS, startSecondCluster, type SecondCluster } from './rig/second-cluster.ts';
import { renderTeamFiles, WITHOUT_SERVICE } from './rig/team-files.ts';

const MISSING = SECOND_CLUSTER_PROGRAMS.filter((program) => findProgram(program) === undefined);
const SKIP = ARGO_SKIP ?? (MISSING.length > 0 ? `${MISSING.join(', ')}, not on the PATH` : undefined);
const SETUP_TIMEOUT_MS = 600_000;

let rig: ArgoRig;
let east: SecondCluster;
let clusterName: string;

/** What a platform engineer tells Argo CD, with `argocd cluster add` or so. */
async function registerCluster(): Promise<void> {
  const config = { bearerToken: east.token, tlsClientConfig: { insecure: true } };
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster' };
  await rig.client.resource<Secret>(kinds.secrets, ARGOCD_NAMESPACE).create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: clusterName, labels },
    stringData: { name: clusterName, server: east.server, config: JSON.stringify(config) },
  });
}

const eastKubectl = (...args: readonly string[]): Promise<string> =>
  runOrThrow(east.kubeconfig, 'kubectl', ...args);

describe.skipIf(SKIP !== undefined)(SKIP ?? 'a team on a second cluster', () => {
  const cleanups = new AsyncDisposableStack();
  beforeAll(async () => {
    rig = cleanups.use(await createArgoRig());
    east = cleanups.use(await startSecondCluster(rig.settings.hostAddress, rig.settings.kubeconfig));
    clusterName = rig.nameTeam('east');
    await registerCluster();
    const secrets = rig.client.resource<Secret>(kinds.secrets, ARGOCD_NAMESPACE);
    cleanups.defer(async () => {
      await secrets.delete(clusterName);
    });
  }, SETUP_TIMEOUT_MS);
  afterAll(() => cleanups.disposeAsync(), SETUP_TIMEOUT_MS);

  it('is delivered there, beside two on this one, and nowhere else', async () => {
    const [shop, search, analytics] = [
      rig.nameTeam('shop'),
      rig.nameTeam('search'),
      rig.nameTeam('analytics'),
    ];
    const revision = await rig.push({
      ...renderTeamFiles(rig, shop, { values: WITHOUT_SERVICE }),
      ...renderTeamFiles(rig, search, { values: WITHOUT_SERVICE }),
      ...renderTeamFiles(rig, analytics, { values: WITHOUT_SERVICE, team: { cluster: clusterName } }),
    });
    for (const team of [shop, search, analytics]) await rig.waitForTeam(team, revision);

    const here = await rig.kubectl(
      'get',
      'tasks',
      '-A',
      '-o',
      'name',
      '--field-selector',
      'metadata.name=prepare',
    );
    expect(here).toContain('prepare');
    expect(await rig.kubectl('get', 'namespaces', '-o', 'name')).not.toContain(analytics);
    const there = await eastKubectl('get', 'namespaces', '-o', 'name');
    expect(there).toContain(analytics);
    expect(there).not.toContain(shop);
    const of = ['-n', analytics, 'get', 'tasks,pipelines', '-o', 'name'];
    const catalog = await eastKubectl(...of);
    expect(catalog).toContain('task.tekton.dev/prepare');
    expect(catalog).toBe(await rig.kubectl('-n', shop, 'get', 'tasks,pipelines', '-o', 'name'));

    await rig.push({ [`teams/${analytics}`]: undefined });
    await rig.waitForTeamGone(analytics);
    expect(await eastKubectl(...of)).toBe('');
  });

  it('may have the namespace that a team on this cluster has', async () => {
    const [bakery, branch] = [rig.nameTeam('bakery'), rig.nameTeam('branch')];
    const namespace = bakery;
    await rig.push({
      ...renderTeamFiles(rig, bakery, { values: WITHOUT_SERVICE }),
      ...renderTeamFiles(rig, branch, { values: WITHOUT_SERVICE, team: { namespace, cluster: clusterName } }),
    });
    await rig.waitForTeam(bakery);
    await rig.waitForTeam(branch);
  });

  it('on a cluster that Argo CD does not know is told so, and nobody else feels it', async () => {
    const [lost, other] = [rig.nameTeam('lost'), rig.nameTeam('other')];
    await rig.push({
      ...renderTeamFiles(rig, lost, { values: WITHOUT_SERVICE, team: { cluster: 'west' } }),
      ...renderTeamFiles(rig, other, { values: WITHOUT_SERVICE }),
    });
    await rig.waitForApplication(`namespaces-${lost}`, (application) =>
      /west/.test(complaintsOf(application)),
    );
    await rig.waitForTeam(other);
  });
});
