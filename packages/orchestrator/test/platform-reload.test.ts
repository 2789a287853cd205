/** Teams and stacks that change while the service runs. */

import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { pullRequestPayload } from '../src/testing/index.ts';
import { eventually } from './eventually.ts';
import { startRig, type Answer, type Rig } from './orchestrator-rig.ts';

const teamText = (name: string, stack: string): string => `name: ${name}
namespace: tekton-pipelines
imageRegistry: registry.example.com/acme
stacks: [stacks/${stack}.yaml]
gitUrl: https://github.com/acme/platform
`;
const stackText = (name: string, repo: string): string =>
  `name: ${name}\napps:\n  - { name: web, repo: ${repo}, role: standalone }\n`;

/** Every platform here is in a directory of its own. */
const platformOf = ({ env }: Rig): string => env['TEKTON_DAG_PLATFORM_DIR'] ?? '';

async function put(rig: Rig, path: string, text: string): Promise<void> {
  const target = join(platformOf(rig), path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}

let pullRequest = 0;
const deliver = (rig: Rig, repository: string): Promise<Answer> =>
  rig.deliver(pullRequestPayload({ number: (pullRequest += 1), repository }));

async function reload(rig: Rig): Promise<{ readonly status: string; readonly problems: readonly object[] }> {
  const response = await rig.call('POST', '/api/reload');
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
}

async function teamsOf(rig: Rig): Promise<readonly string[]> {
  const body: object = JSON.parse(await (await rig.call('GET', '/api/teams')).text());
  return Object.keys(body).sort();
}

const linesOfMetrics = async (rig: Rig): Promise<readonly string[]> =>
  (await (await rig.call('GET', '/metrics')).text()).split('\n');

it('serves a team from the moment its files are there, and no longer than they are', async () => {
  await using rig = await startRig();
  expect(await deliver(rig, 'acme/shop')).toMatchObject({ status: 'ignored', reason: 'unknown-repository' });
  await put(rig, 'stacks/shop.yaml', stackText('shop', 'acme/shop'));
  await put(rig, 'teams/shop/team.yaml', teamText('shop', 'shop'));
  await eventually(() => teamsOf(rig)).toEqual(['default', 'shop']);
  expect(await deliver(rig, 'acme/shop')).toMatchObject({ status: 'accepted' });
  await put(rig, 'stacks/shop.yaml', stackText('shop', 'acme/renamed'));
  await eventually(async () => (await deliver(rig, 'acme/renamed')).status).toBe('accepted');
  await rm(join(platformOf(rig), 'teams/shop'), { recursive: true });
  await eventually(() => teamsOf(rig)).toEqual(['default']);
});

it('keeps a broken file as it was, says so, and goes on with what is good', async () => {
  await using rig = await startRig();
  await put(rig, 'teams/default/team.yaml', 'name: default\nstacks: stacks/stack-one.yaml\n');
  await put(rig, 'stacks/shop.yaml', stackText('shop', 'acme/shop'));
  await put(rig, 'teams/shop/team.yaml', teamText('shop', 'shop'));
  const { status, problems } = await reload(rig);
  expect(status).toBe('invalid');
  expect(problems).toContainEqual({
    severity: 'error',
    code: 'wrong-type',
    problem: expect.stringMatching(/teams\/default\/team\.yaml:2:9: expected a list, found /),
  });
  expect(await deliver(rig, 'acme/demo-api')).toMatchObject({ status: 'accepted' });
  expect(await deliver(rig, 'acme/shop')).toMatchObject({ status: 'accepted' });
  await eventually(async () => (await fetch(`${rig.url}/readyz`)).status).toBe(200);
  const ready = await fetch(`${rig.url}/readyz`);
  expect(JSON.parse(await ready.text())).toMatchObject({
    teams_loaded: 2,
    problems: expect.arrayContaining([expect.stringMatching(/default\/team\.yaml:2:9: wrong-type$/)]),
  });
  const metrics = await linesOfMetrics(rig);
  expect(metrics).toContain(`tekton_dag_platform_problems{severity="error"} ${problems.length}`);
  // The watch may have told of the same files, too.
  expect(metrics).toContainEqual(
    expect.stringMatching(/^tekton_dag_platform_reloads_total\{outcome="invalid"\} [1-9]/),
  );
});

it('follows the links of a ConfigMap volume', async () => {
  const volume = await mkdtemp(join(tmpdir(), 'tekton-dag-volume-'));
  /** As the kubelet does: a new directory, a new link beside the old one, and a rename over it. */
  const publish = async (version: string, text: string): Promise<void> => {
    await mkdir(join(volume, 'shop', `..${version}`), { recursive: true });
    await writeFile(join(volume, 'shop', `..${version}`, 'team.yaml'), text);
    await symlink(`..${version}`, join(volume, 'shop/..data_tmp'));
    await rename(join(volume, 'shop/..data_tmp'), join(volume, 'shop/..data'));
  };
  await publish('one', teamText('one', 'stack-one'));
  await symlink('..data/team.yaml', join(volume, 'shop/team.yaml'));
  await using rig = await startRig({ env: { TEKTON_DAG_TEAMS_DIR: volume } });
  expect(await teamsOf(rig)).toEqual(['one']);
  await publish('two', teamText('two', 'stack-one'));
  await eventually(() => teamsOf(rig)).toEqual(['two']);
  await rm(join(volume, 'shop/..one'), { recursive: true });
  await publish('three', teamText('three', 'stack-one'));
  await eventually(() => teamsOf(rig)).toEqual(['three']);
  await rm(volume, { recursive: true });
});

it('follows a link on the way to the platform', async () => {
  const base = await mkdtemp(join(tmpdir(), 'tekton-dag-checkout-'));
  const checkOut = async (version: string): Promise<void> => {
    await mkdir(join(base, version, 'teams/a'), { recursive: true });
    await writeFile(join(base, version, 'teams/a/team.yaml'), teamText(version, 'stack-one'));
    await symlink(version, join(base, 'next'));
    await rename(join(base, 'next'), join(base, 'current'));
  };
  await checkOut('one');
  await using rig = await startRig({ env: { TEKTON_DAG_TEAMS_DIR: join(base, 'current/teams') } });
  await checkOut('two');
  await eventually(() => teamsOf(rig)).toEqual(['two']);
  await unlink(join(base, 'current'));
  // Whether by this reload or by the watcher's, which may be first.
  expect(await reload(rig)).toMatchObject({
    problems: [{ code: 'no-teams', problem: expect.stringContaining('is not there any more') }],
  });
  expect(await teamsOf(rig)).toEqual(['two']);
  await rm(base, { recursive: true });
});

it('takes teams and stacks from ConfigMaps, as they come and go', async () => {
  await using rig = await startRig({ env: { TEKTON_DAG_TEAMS_CONFIGMAPS: 'platform/kind=team' } });
  expect((await fetch(`${rig.url}/readyz`)).status).toBe(503);
  const path = '/api/v1/namespaces/platform/configmaps';
  const configMap = (name: string, labels: Record<string, string>, data: Record<string, string>): void => {
    rig.api.put(path, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data });
  };
  configMap(
    'shop',
    { kind: 'team' },
    {
      'shop.team.yaml': teamText('shop', 'shop'),
      'shop.stack.yaml': stackText('shop', 'acme/shop'),
      'README.md': 'neither',
    },
  );
  configMap('plain', { kind: 'team' }, { 'plain.team.yaml': teamText('plain', 'stack-one') });
  configMap('other', { kind: 'other' }, { 'other.team.yaml': teamText('other', 'shop') });
  await eventually(() => teamsOf(rig)).toEqual(['plain', 'shop']);
  expect(await deliver(rig, 'acme/shop')).toMatchObject({ status: 'accepted' });
  // The stack file of the second team is on the disk.
  expect(await deliver(rig, 'acme/demo-api')).toMatchObject({ status: 'accepted' });
  configMap('shop', { kind: 'team' }, { 'shop.team.yaml': 'name: shop' });
  await eventually(async () => (await reload(rig)).problems).toContainEqual(
    expect.objectContaining({
      problem: expect.stringContaining('configmap:platform/shop/shop.team.yaml:1:1'),
    }),
  );
  expect(await teamsOf(rig)).toEqual(['plain', 'shop']);
  rig.api.remove(path, 'shop');
  await eventually(() => teamsOf(rig)).toEqual(['plain']);
});

it('serves the registry for one implicit team where there is no teams directory', async () => {
  const files = {
    'stacks/registry.yaml':
      'repos:\n  demo-fe: { stack: stack-one.yaml }\n  demo-api: { stack: other.yaml }\n',
    'stacks/other.yaml': `name: other\napps:\n  - { name: demo-api, repo: acme/demo-api, role: standalone }\n`,
  };
  await using rig = await startRig({
    files,
    env: {
      TEKTON_DAG_TEAMS_DIR: '/nonexistent/teams',
      TEKTON_DAG_IMAGE_REGISTRY: 'registry.example.com/acme',
      TEKTON_DAG_GIT_URL: 'https://github.com/acme/platform',
    },
  });
  expect(await teamsOf(rig)).toEqual(['default']);
  expect(await deliver(rig, 'acme/demo-api')).toMatchObject({ status: 'accepted' });
  await eventually(async () => (await rig.runs()).map(({ spec }) => spec?.params)).toEqual([
    expect.arrayContaining([{ name: 'stack-file', value: 'stacks/other.yaml' }]),
  ]);
  const run = await rig.call('POST', '/api/run', { mode: 'pr', changed_app: 'demo-api', pr_number: 3 });
  expect(run.status).toBeLessThan(300);
  await eventually(async () =>
    (await rig.runs()).map(({ metadata }) => metadata.labels?.['tekton-dag.io/stack']),
  ).toEqual(['other', 'other']);
});

it('is not ready, and says what to do, where nobody says who owns the stacks', async () => {
  await using rig = await startRig({ env: { TEKTON_DAG_TEAMS_DIR: '/nonexistent/teams' } });
  expect((await fetch(`${rig.url}/readyz`)).status).toBe(503);
  const { problems } = await reload(rig);
  expect(JSON.stringify(problems)).toMatch(/make it, or set TEKTON_DAG_DEFAULT_TEAM_FILE/);
});

it('drops no request and shows no half state in a hundred reloads', { timeout: 240_000 }, async () => {
  await using rig = await startRig();
  /** Team and stack change together; neither goes with the other of another round. */
  const write = async (round: number): Promise<void> => {
    await put(rig, `stacks/shop-${round}.yaml`, stackText(`shop-${round}`, 'acme/shop'));
    await put(rig, 'teams/shop/team.yaml', teamText(`shop-${round}`, `shop-${round}`));
  };
  await write(0);
  await reload(rig);
  const over = new AbortController();
  const answers: Answer[] = [];
  const sendAll = async (): Promise<void> => {
    while (!over.signal.aborted) answers.push(await deliver(rig, 'acme/shop'));
  };
  const senders = [sendAll(), sendAll(), sendAll(), sendAll()];
  const states = new Set<string>();
  for (let round = 1; round <= 100; round += 1) {
    await write(round);
    const [{ status }, stacks] = await Promise.all([reload(rig), rig.call('GET', '/api/stacks')]);
    expect(status).not.toBe('invalid');
    const listed: { name: string; teams: string[] }[] = JSON.parse(await stacks.text());
    for (const { name, teams } of listed) states.add(teams.every((team) => team === name) ? 'whole' : name);
  }
  over.abort();
  await Promise.all(senders);
  expect(answers.length).toBeGreaterThan(100);
  expect(new Set(answers.map(({ code, status, runs = [] }) => `${code} ${status} ${runs.length}`))).toEqual(
    new Set(['202 accepted 1']),
  );
  states.delete('stack-one');
  expect(states).toEqual(new Set(['whole']));
});
