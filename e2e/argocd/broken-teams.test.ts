/** Teams whose files are wrong, and teams that ask for what is not theirs: each is refused, and no other team feels it. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf } from './rig/argo-application.ts';
import { createArgoRig, type ArgoRig } from './rig/argo-rig.ts';
import { ARGO_SKIP } from './rig/argo-skip.ts';
import { renderTeamFiles, WITHOUT_SERVICE, type TeamFields } from './rig/team-files.ts';

let rig: ArgoRig;
let shop: string;
/** Teams that are to go; Argo CD works on their releases for some time yet. */
const refused: string[] = [];

const folder = (name: string, fields: TeamFields = {}): Readonly<Record<string, string | undefined>> =>
  renderTeamFiles(rig, name, { values: WITHOUT_SERVICE, ...fields });

/** What Argo CD says of an application as soon as it complains of this. */
async function complaintOf(application: string, words: RegExp): Promise<string> {
  return complaintsOf(await rig.waitForApplication(application, (found) => words.test(complaintsOf(found))));
}

/** The other team takes a change, and a new one comes up. */
async function expectOthersToRollOut(word: string): Promise<void> {
  const added = rig.nameTeam(word);
  const revision = await rig.push({ ...folder(added), ...folder(shop, { team: { weight: word.length } }) });
  await rig.waitForTeam(shop, revision);
  await rig.waitForTeam(added, revision);
  await rig.push({ [`teams/${added}`]: undefined });
  await rig.waitForTeamGone(added);
}

async function remove(name: string): Promise<void> {
  await rig.push({ [`teams/${name}`]: undefined });
  refused.push(name);
}

describe.skipIf(ARGO_SKIP !== undefined)(ARGO_SKIP ?? 'beside a team that is in order', () => {
  beforeAll(async () => {
    rig = await createArgoRig();
    shop = rig.nameTeam('shop');
    await rig.waitForTeam(shop, await rig.push(folder(shop)));
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it("a team's project refuses apps in the namespace of another team's release", async () => {
    const greedy = rig.nameTeam('neighbour');
    await rig.push(folder(greedy, { appsNamespace: shop }));
    expect(await complaintOf(`tekton-dag-${greedy}`, /not permitted/)).toContain(
      `namespace ${shop} is not permitted in project 'tekton-dag-${greedy}'`,
    );
    const roles = await rig.kubectl('-n', shop, 'get', 'roles', '-o', 'name');
    expect(roles).not.toContain(greedy);
    await remove(greedy);
  });

  it("a team's project refuses what belongs to the cluster, Secrets, and what Tekton makes", async () => {
    const sneaky = rig.nameTeam('sneaky');
    const extraObjects = [
      ['tekton.dev/v1', 'PipelineRun', { spec: { pipelineRef: { name: 'stack-pr-test' } } }],
      ['v1', 'Pod', { spec: { containers: [{ name: 'a', image: 'busybox' }] } }],
      ['v1', 'Secret', { stringData: { a: 'b' } }],
      ['v1', 'Namespace', {}],
      ['rbac.authorization.k8s.io/v1', 'ClusterRole', { rules: [] }],
      ['argoproj.io/v1alpha1', 'Application', { spec: {} }],
    ].map(([apiVersion, kind, rest]) =>
      Object.assign({ apiVersion, kind, metadata: { name: sneaky } }, rest),
    );
    const annotations = { 'argocd.argoproj.io/hook': 'PreSync' };
    const job = { containers: [{ name: 'a', image: 'busybox' }], restartPolicy: 'Never' };
    const elsewhere = [
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: sneaky, annotations },
        spec: { template: { spec: job } },
      },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: sneaky, namespace: 'argocd' }, data: {} },
    ];
    await rig.push(
      folder(sneaky, { values: { ...WITHOUT_SERVICE, extraObjects: [...extraObjects, ...elsewhere] } }),
    );
    // Two controllers say it: the one that compares and the one that syncs.
    const application = await rig.waitForApplication(
      `tekton-dag-${sneaky}`,
      (found) =>
        complaintsOf(found).includes('not permitted') &&
        /PipelineRun \S+ is excluded/.test(complaintsOf(found)),
    );
    const objects = application.status?.operationState?.syncResult?.resources?.filter(({ message = '' }) =>
      message.includes('is not permitted in project'),
    );
    expect(objects?.map(({ kind }) => kind).toSorted()).toEqual([
      'Application',
      'ClusterRole',
      'ConfigMap',
      'Job',
      'Namespace',
      'Pod',
      'Secret',
    ]);
    expect(await rig.kubectl('-n', sneaky, 'get', 'tasks,pipelineruns', '-o', 'name')).toBe('');
    await remove(sneaky);
  });

  it('a wrong type and an unknown key are refused with their path', async () => {
    const [typed, unknown] = [rig.nameTeam('typed'), rig.nameTeam('unknown')];
    await rig.push({
      ...folder(typed, { values: { orchestrator: { replicas: 'two' } } }),
      ...folder(unknown, { values: { ...WITHOUT_SERVICE, orchestratr: {} } }),
    });
    expect(await complaintOf(`tekton-dag-${typed}`, /replicas/)).toMatch(
      /\/orchestrator\/replicas.*got string/,
    );
    expect(await complaintOf(`tekton-dag-${unknown}`, /orchestratr/)).toMatch(/orchestratr/);
    await expectOthersToRollOut('after');
    await rig.push({ [`teams/${typed}`]: undefined, [`teams/${unknown}`]: undefined });
    await rig.waitForTeamGone(typed);
    await rig.waitForTeamGone(unknown);
  });

  it('files that are no YAML, or missing, hold up nobody else and leave what the team had', async () => {
    const broken = rig.nameTeam('broken');
    await rig.waitForTeam(broken, await rig.push(folder(broken)));
    await rig.push({ [`teams/${broken}/values.yaml`]: '}: {{ [' });
    expect(await complaintOf(`tekton-dag-${broken}`, /failed to parse/)).toContain('values.yaml');
    await expectOthersToRollOut('meanwhile');
    const tasks = await rig.kubectl('-n', broken, 'get', 'tasks', '-o', 'name');
    expect(tasks).toContain('task.tekton.dev/prepare');

    await rig.push({ [`teams/${broken}/values.yaml`]: undefined });
    expect(await complaintOf(`tekton-dag-${broken}`, /no such file/)).toContain('values.yaml');
    await rig.push({ [`teams/${broken}/team.yaml`]: '}: {{ [' });
    expect(await complaintOf(`team-${broken}`, /no YAML/)).toContain(`teams/${broken}/team.yaml: is no YAML`);
    expect(await rig.kubectl('-n', broken, 'get', 'tasks', '-o', 'name')).toBe(tasks);

    await rig.waitForTeam(broken, await rig.push(folder(broken, { team: { weight: 3 } })));
  });

  it.each([
    [
      'the namespace of another team',
      () => ({ namespace: shop }),
      /is that of team shop-\w+ on this cluster/,
    ],
    [
      'a namespace of the cluster',
      () => ({ namespace: 'kube-system' }),
      /"kube-system" is a reserved namespace/,
    ],
    ['a namespace that is no DNS label', () => ({ namespace: 'My_Team' }), /"My_Team" is not a DNS label/],
    [
      'another name than its folder',
      () => ({ name: 'other' }),
      /name: "other" is not the name of the folder/,
    ],
  ])('a team with %s is refused before it gets anything', async (_, team, words) => {
    const greedy = rig.nameTeam('greedy');
    await rig.push(folder(greedy, { team: team() }));
    await complaintOf(`team-${greedy}`, words);
    expect(await rig.application(`tekton-dag-${greedy}`)).toBeUndefined();
    const revision = await rig.push({ ...folder(shop, { team: { weight: 1 } }) });
    await rig.waitForTeam(shop, revision);
    await rig.push({ [`teams/${greedy}`]: undefined });
    await rig.waitForTeamGone(greedy);
  });

  it('a refused team goes when its folder does', async () => {
    for (const name of refused) await rig.waitForTeamGone(name);
  });
});
