/** The life of a team in Argo CD: its folder is added, edited and removed, and somebody changes things by hand. */

import { kinds, type Deployment, type Pod } from '@tekton-dag/kube';
import { LABEL, type PipelineRun } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { API_TOKEN, WEBHOOK_SECRET } from '../cluster/rig/helm-release.ts';
import { createOrchestratorClient } from '../rig/orchestrator-client.ts';
import { isDelivered, type ArgoApplication } from './rig/argo-application.ts';
import { createArgoRig, type ArgoRig } from './rig/argo-rig.ts';
import { ARGO_SKIP } from './rig/argo-skip.ts';
import { renderTeamFiles, type TeamFields } from './rig/team-files.ts';

const POLL = { timeout: 300_000, interval: 500 };
const EXPOSED = { orchestrator: { service: { type: 'NodePort' } } };
const acceptedSchema = z.looseObject({ pipelinerun: z.string() });

const TESTER = 'a-tester';
const SYNC_WITH_PRUNE = JSON.stringify({
  operation: { initiatedBy: { username: TESTER }, sync: { prune: true } },
});
const wasSyncedByHand = ({ status }: ArgoApplication): boolean =>
  status?.operationState?.operation?.initiatedBy?.username === TESTER;

let rig: ArgoRig;
let team: string;
let release: string;

const folder = (fields: TeamFields = {}): Readonly<Record<string, string | undefined>> =>
  renderTeamFiles(rig, team, { values: EXPOSED, ...fields });

const deploymentOf = async (): Promise<Deployment | undefined> =>
  await rig.client.resource<Deployment>(kinds.deployments, team).get(release);

const claimsOf = async (): Promise<readonly string[]> =>
  (await rig.client.resource(kinds.persistentvolumeclaims, team).list()).items.map(
    ({ metadata }) => `${metadata?.name} ${metadata?.uid}`,
  );

const runsOf = async (): Promise<readonly PipelineRun[]> =>
  (await rig.client.resource<PipelineRun>(kinds.pipelineruns, team).list()).items;

async function connect(): Promise<ReturnType<typeof createOrchestratorClient>> {
  const path = '-o=jsonpath={.spec.ports[?(@.name=="http")].nodePort}';
  const port = await rig.kubectl('-n', team, 'get', 'service', release, path);
  const address = '-o=jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  const url = `http://${await rig.kubectl('get', 'nodes', address)}:${port}`;
  const orchestrator = createOrchestratorClient({
    url,
    webhookSecret: WEBHOOK_SECRET,
    apiToken: API_TOKEN,
  });
  // The pod is ready a moment before the node sends the Service's port to it.
  const answers = async (): Promise<number> =>
    await orchestrator.get('/readyz').then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(answers, POLL).toBe(200);
  return orchestrator;
}

describe.skipIf(ARGO_SKIP !== undefined)(ARGO_SKIP ?? 'a team in Argo CD', () => {
  beforeAll(async () => {
    rig = await createArgoRig();
    team = rig.nameTeam('shop');
    release = `tekton-dag-${team}`;
    await rig.createSecrets(team);
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  it('is synced and healthy when its folder was added', async () => {
    const revision = await rig.push(folder());
    const { status, spec } = await rig.waitForTeam(team, revision);
    expect(spec?.project).toBe(release);
    expect(new Set(status?.resources?.map(({ status: state }) => state))).toEqual(new Set(['Synced']));
    const setup = await rig.waitForApplication(`team-${team}`, isDelivered);
    expect(setup.status?.resources?.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual([
      `AppProject ${release}`,
      `Application namespaces-${team}`,
      `Application ${release}`,
    ]);
  });

  it('has an orchestrator that turns a signed webhook into a run', async () => {
    const orchestrator = await connect();
    const { status, body } = await orchestrator.deliver({ repository: `acme/${team}-web`, number: 7 });
    expect(status, body).toBe(202);
    const { pipelinerun } = acceptedSchema.parse(JSON.parse(body));
    const runs = async (): Promise<readonly string[]> =>
      (await runsOf())
        .filter(({ metadata }) => metadata.labels?.[LABEL.team] === team)
        .map((run) => run.metadata.name ?? '');
    await expect.poll(runs, POLL).toEqual([pipelinerun]);
  });

  it('is told by its runs which commit the catalog is from', async () => {
    const [run] = await runsOf();
    const annotations = async (): Promise<string | undefined> =>
      (await runsOf())[0]?.metadata.annotations?.['tekton-dag.io/catalog-revision'];
    expect(run).toBeDefined();
    const application = await rig.application(release);
    await expect.poll(annotations, POLL).toBe(application?.status?.sync?.revision);
  });

  it('does not count runs, task runs and their pods as its own, and prunes none of them', async () => {
    const pods = async (): Promise<number> =>
      (await rig.client.resource<Pod>(kinds.pods, team).list({ labelSelector: 'tekton.dev/pipelineRun' }))
        .items.length;
    await expect.poll(pods, POLL).toBeGreaterThan(0);
    const [run] = await runsOf();
    const copied = run?.metadata.annotations?.['argocd.argoproj.io/tracking-id'];
    expect(copied, 'Tekton copies what Argo CD tracks by').toContain('Pipeline');
    await rig.refresh('hard');
    const { status } = await rig.waitForTeam(team);
    const shown = new Set(status?.resources?.map(({ kind }) => kind));
    for (const kind of ['PipelineRun', 'TaskRun', 'Pod']) expect(shown).not.toContain(kind);
    await rig.kubectl('-n', 'argocd', 'patch', 'application', release, '--type=merge', '-p', SYNC_WITH_PRUNE);
    await rig.waitForApplication(
      release,
      (application) => isDelivered(application) && wasSyncedByHand(application),
    );
    expect((await runsOf()).map(({ metadata }) => metadata.uid)).toEqual([run?.metadata.uid]);
    expect(await pods()).toBeGreaterThan(0);
  });

  it('stays in sync when everything is rendered and compared again', async () => {
    await rig.refresh('hard');
    const refreshed = await rig.waitForApplication(
      release,
      ({ metadata }) => metadata?.annotations?.['argocd.argoproj.io/refresh'] === undefined,
    );
    expect(refreshed.status?.sync?.status).toBe('Synced');
    expect(refreshed.status?.resources?.filter(({ status }) => status !== 'Synced')).toEqual([]);
  });

  it('rolls out what is edited in its folder', async () => {
    const settings = { TEKTON_DAG_PUBLIC_URL: 'https://ci.example.com' };
    const values = { orchestrator: { ...EXPOSED.orchestrator, settings } };
    const revision = await rig.push(folder({ values, team: { maxConcurrentRuns: 2 } }));
    await rig.waitForTeam(team, revision);
    const env = (await deploymentOf())?.spec?.template.spec?.containers.flatMap(
      (container) => container.env ?? [],
    );
    expect(env).toContainEqual({ name: 'TEKTON_DAG_PUBLIC_URL', value: 'https://ci.example.com' });
    const orchestrator = await connect();
    const teams = async (): Promise<string> => (await orchestrator.get('/api/teams')).body;
    await expect.poll(teams, POLL).toMatch(/"maxConcurrentRuns":\s*2/);
  });

  it('is healed when somebody changes or deletes its objects by hand', async () => {
    await rig.kubectl('-n', team, 'delete', 'task/prepare', 'role/tekton-dag-pipeline', `service/${release}`);
    await rig.kubectl(
      '-n',
      team,
      'set',
      'env',
      `deployment/${release}`,
      'TEKTON_DAG_PUBLIC_URL=https://evil.example.com',
    );
    const seen = async (): Promise<string> =>
      await rig.kubectl(
        '-n',
        team,
        'get',
        'task/prepare',
        'role/tekton-dag-pipeline',
        `service/${release}`,
        '-o',
        'name',
      );
    await expect
      .poll(
        () =>
          seen().then(
            (text) => text.trim().split('\n').length,
            () => 0,
          ),
        POLL,
      )
      .toBe(3);
    const env = async (): Promise<unknown> =>
      (await deploymentOf())?.spec?.template.spec?.containers.flatMap((container) => container.env ?? []);
    await expect
      .poll(env, POLL)
      .toContainEqual({ name: 'TEKTON_DAG_PUBLIC_URL', value: 'https://ci.example.com' });
    await rig.waitForTeam(team);
  });

  it('goes with its folder, but for claims, runs and Secrets, and finds them again when it comes back', async () => {
    const claims = await claimsOf();
    expect(claims).not.toEqual([]);
    const runs = (await runsOf()).map(({ metadata }) => metadata.uid);
    await rig.push({ [`teams/${team}`]: undefined });
    await rig.waitForTeamGone(team);
    const left = await rig.kubectl(
      '-n',
      team,
      'get',
      'deployments,services,tasks,pipelines,roles,rolebindings',
      '-o',
      'name',
    );
    expect(left).toBe('');
    expect(await rig.kubectl('-n', 'argocd', 'get', 'appprojects', '-o', 'name')).not.toContain(release);
    expect(await claimsOf()).toEqual(claims);
    expect((await runsOf()).map(({ metadata }) => metadata.uid)).toEqual(runs);

    await rig.waitForTeam(team, await rig.push(folder()));
    expect(await claimsOf()).toEqual(claims);
    const orchestrator = await connect();
    expect((await orchestrator.get('/api/runs')).body).toContain(`acme/${team}-web`);
  });
});
