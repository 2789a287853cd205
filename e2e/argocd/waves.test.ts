/** Waves: what a later one makes does not exist before an earlier one is there and healthy. */

import { kinds, type KubeObject, type ServiceAccount } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf, isDelivered } from './rig/argo-application.ts';
import { createArgoRig, type ArgoRig } from './rig/argo-rig.ts';
import { ARGO_SKIP } from './rig/argo-skip.ts';
import { renderTeamFiles, WITHOUT_SERVICE } from './rig/team-files.ts';

const WAVE = 'argocd.argoproj.io/sync-wave';
const KINDS = ['serviceaccounts', 'roles', 'rolebindings', 'tasks', 'pipelines', 'deployments'];

let rig: ArgoRig;

interface Made {
  readonly wave: number;
  readonly madeAt: string;
}

/** When the release's objects in a namespace were made, by wave. */
async function listMade(namespace: string): Promise<readonly Made[]> {
  const text = await rig.kubectl('-n', namespace, 'get', KINDS.join(','), '-o', 'json');
  const { items }: { readonly items: readonly KubeObject[] } = JSON.parse(text);
  return items.flatMap(({ metadata }) => {
    const wave = metadata?.annotations?.[WAVE];
    return wave === undefined ? [] : [{ wave: Number(wave), madeAt: metadata?.creationTimestamp ?? '' }];
  });
}

/** In the wave of the Tasks; its pod waits for a Secret that is not there yet. */
function waitingDeployment(namespace: string): object {
  const labels = { app: 'held' };
  const volumeMounts = [{ name: 'held', mountPath: '/held' }];
  const command = ['sleep', 'infinity'];
  const containers = [{ name: 'held', image: rig.settings.toolsImage, command, volumeMounts }];
  const volumes = [{ name: 'held', secret: { secretName: 'held' } }];
  const spec = { containers, volumes, terminationGracePeriodSeconds: 0 };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'held', namespace, annotations: { [WAVE]: '1' } },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

describe.skipIf(ARGO_SKIP !== undefined)(ARGO_SKIP ?? 'waves', () => {
  beforeAll(async () => {
    rig = await createArgoRig();
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it('make rights, Tasks, Pipelines and the service one after the other', async () => {
    const team = rig.nameTeam('ordered');
    await rig.createSecrets(team);
    await rig.waitForTeam(team, await rig.push(renderTeamFiles(rig, team)));
    const made = (await listMade(team)).toSorted(
      (a, b) => a.madeAt.localeCompare(b.madeAt) || a.wave - b.wave,
    );
    const order = made.map(({ wave }) => wave);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order)).toEqual(new Set([0, 1, 2, 4]));
    await rig.push({ [`teams/${team}`]: undefined });
    await rig.waitForTeamGone(team);
  });

  it('hold later ones up until what an earlier one made is healthy', async () => {
    const team = rig.nameTeam('held');
    await rig.createSecrets(team);
    await rig.push(renderTeamFiles(rig, team, { values: { extraObjects: [waitingDeployment(team)] } }));
    const release = `tekton-dag-${team}`;
    // When nothing else is waited for: the Tasks of the same wave are there.
    await rig.waitForApplication(release, (application) =>
      /^waiting for healthy state of apps\/Deployment\/held$/m.test(complaintsOf(application)),
    );
    expect(await rig.kubectl('-n', team, 'get', 'tasks', '-o', 'name')).toContain('task.tekton.dev/prepare');
    const later = ['-n', team, 'get', 'pipelines,services,deployments', '-o', 'name'];
    expect(await rig.kubectl(...later)).toBe('deployment.apps/held\n');

    await rig.kubectl('-n', team, 'create', 'secret', 'generic', 'held', '--from-literal=a=b');
    await rig.waitForTeam(team);
    expect(await rig.kubectl(...later)).toContain('pipeline.tekton.dev/stack-pr-test');
    await rig.push({ [`teams/${team}`]: undefined });
    await rig.waitForTeamGone(team);
  });

  it('of a team: its release is not there before its namespaces are', async () => {
    const team = rig.nameTeam('gated');
    // What is being deleted is not healthy, and this namespace goes only when its account may.
    const finalizers = ['tekton-dag.io/held-by-a-test'];
    const namespaces = rig.client.resource(kinds.namespaces);
    await namespaces.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: team } });
    const accounts = rig.client.resource<ServiceAccount>(kinds.serviceaccounts, team);
    await accounts.create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'held', finalizers },
    });
    await namespaces.delete(team);
    await rig.push(renderTeamFiles(rig, team, { values: WITHOUT_SERVICE }));
    await rig.waitForApplication(
      `namespaces-${team}`,
      ({ status }) => status?.health?.status === 'Progressing',
    );
    expect(await rig.application(`tekton-dag-${team}`)).toBeUndefined();
    await accounts.patch('held', { metadata: { finalizers: [] } }, { type: 'merge' });
    await rig.waitForTeam(team);
    await rig.waitForApplication(`team-${team}`, isDelivered);
  });
});
