/**
 * A team that is out for more than it has, where its folder is its own to write: what the platform's engineers rely on. What
 * is refused without a cluster is in e2e/chart/argocd-team.test.ts.
 */

import type { KubeObject } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSets, ARGOCD_NAMESPACE, complaintsOf } from './rig/argo-application.ts';
import { createArgoRig, type ArgoRig } from './rig/argo-rig.ts';
import { ARGO_SKIP } from './rig/argo-skip.ts';
import type { FileChanges } from './rig/platform-repository.ts';
import { renderTeamFiles, WITHOUT_SERVICE, type TeamFields } from './rig/team-files.ts';

const POLL = { timeout: 300_000, interval: 500 };

let rig: ArgoRig;
let victim: string;

const folder = (name: string, fields: TeamFields = {}): FileChanges =>
  renderTeamFiles(rig, name, { values: WITHOUT_SERVICE, ...fields });

interface TeamSet extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** What holds the ApplicationSet up, and with it every team. */
async function troublesOfTheSet(): Promise<readonly string[]> {
  const set: TeamSet | undefined = await rig.client
    .resource(applicationSets, ARGOCD_NAMESPACE)
    .get('tekton-dag-teams');
  const found = set?.status?.conditions?.filter(
    ({ type, status }) => type === 'ErrorOccurred' && status === 'True',
  );
  return (found ?? []).map(({ type }) => type);
}

/** A Deployment whose pod would have the node. */
function nodeTaker(): object {
  const labels = { app: 'taker' };
  const containers = [
    { name: 'taker', image: rig.settings.toolsImage, securityContext: { privileged: true } },
  ];
  const spec = { hostPID: true, containers, volumes: [{ name: 'node', hostPath: { path: '/' } }] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'taker' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

describe.skipIf(ARGO_SKIP !== undefined)(ARGO_SKIP ?? 'a team that is out for more', () => {
  beforeAll(async () => {
    rig = await createArgoRig();
    victim = rig.nameTeam('victim');
    await rig.waitForTeam(victim, await rig.push(folder(victim)));
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it("does not get into the namespace of another team's apps by what values.yaml says", async () => {
    const thief = rig.nameTeam('thief');
    const target = `${victim}-apps`;
    const loot = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'loot', namespace: target } };
    const values = { ...WITHOUT_SERVICE, apps: { namespaces: [target] }, extraObjects: [loot] };
    await rig.push(folder(thief, { values }));
    const refused = await rig.waitForApplication(`tekton-dag-${thief}`, (application) =>
      complaintsOf(application).includes('not permitted'),
    );
    expect(complaintsOf(refused)).toContain(
      `namespace ${target} is not permitted in project 'tekton-dag-${thief}'`,
    );
    const there = await rig.kubectl('-n', target, 'get', 'configmaps,roles,rolebindings', '-o', 'name');
    expect(there).not.toMatch(new RegExp(`loot|${thief}`));
    await rig.push({ [`teams/${thief}`]: undefined });
  });

  it('cannot say otherwise in values.yaml what team.yaml says', async () => {
    const liar = rig.nameTeam('liar');
    const values = { ...WITHOUT_SERVICE, namespace: victim, stacks: [`stacks/${victim}.yaml`], weight: 99 };
    await rig.waitForTeam(liar, await rig.push(folder(liar, { values, team: { weight: 2 } })));
    const config = await rig.kubectl('-n', liar, 'get', 'configmaps', '-o', 'yaml');
    expect(config).toContain(`stacks/${liar}.yaml`);
    expect(config).not.toContain(victim);
    expect(config).toMatch(/weight\W+2\b/);
  });

  it('gets no pod that has the node', async () => {
    const taker = rig.nameTeam('taker');
    await rig.push(folder(taker, { values: { ...WITHOUT_SERVICE, extraObjects: [nodeTaker()] } }));
    const path = '-o=jsonpath={.items[*].status.conditions[*].message}';
    const said = async (): Promise<string> =>
      await rig.kubectl('-n', taker, 'get', 'deployments', path).catch(() => '');
    await expect.poll(said, POLL).toContain('violates PodSecurity "baseline');
    expect(await rig.kubectl('-n', taker, 'get', 'pods', '-o', 'name')).toBe('');
  });

  it('holds up nobody who joins or leaves with a folder that no application can be named after', async () => {
    const names = ['My_Team', 'Shop', '-shop', 'shop-', 'shop,removal=keep', '{{ .path }}'];
    const wrong = Object.fromEntries(names.map((name) => [`teams/${name}/team.yaml`, `name: ${name}\n`]));
    const [joins, leaves] = [rig.nameTeam('joins'), rig.nameTeam('leaves')];
    await rig.push(folder(leaves));
    await rig.waitForApplication(`team-${leaves}`, () => true);
    await rig.push({ ...wrong, ...folder(joins), [`teams/${leaves}`]: undefined });
    await rig.waitForApplication(`team-${joins}`, () => true);
    await rig.waitForTeamGone(leaves);
    expect(await troublesOfTheSet()).toEqual([]);
  });
});
