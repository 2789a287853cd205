/** Readiness, and what cannot start. */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createReadiness } from '../src/create-readiness.ts';
import { parseOrchestratorConfig, startOrchestrator } from '../src/index.ts';
import { pullRequestPayload } from '../src/testing/index.ts';
import { eventually } from './eventually.ts';
import { startRig, type Rig } from './orchestrator-rig.ts';

/** Of the runs; the watch asks again with growing pauses. */
const REFUSED_LISTS = 3;

interface Readiness {
  readonly code: number;
  readonly reasons: readonly string[];
  readonly problems: readonly string[];
}

async function readiness(rig: Rig): Promise<Readiness> {
  const response = await fetch(`${rig.url}/readyz`);
  const body: Partial<Readiness> = JSON.parse(await response.text());
  return { reasons: [], problems: [], ...body, code: response.status };
}

it('is not ready without a stack', async () => {
  await using rig = await startRig({ files: { 'teams/default/team.yaml': 'name: [' } });
  const { code, reasons } = await readiness(rig);
  expect(code).toBe(503);
  expect(reasons).toContain('no stack is loaded');
  // An answer that ignored the event would lose it.
  expect((await rig.deliver(pullRequestPayload({ number: 1 }))).code).toBe(503);
});

it('is ready with an invalid file, names it, and serves the other teams', async () => {
  const broken =
    'name: stack-two\napps:\n  - { name: a, repo: acme/a, role: frontend, downstream: [nope] }\n';
  const team = `
name: second
namespace: tekton-pipelines
imageRegistry: registry.example.com/acme
stacks: [stacks/broken.yaml, stacks/missing.yaml]
gitUrl: https://github.com/acme/platform
`;
  await using rig = await startRig({
    files: { 'stacks/broken.yaml': broken, 'teams/second/team.yaml': team },
  });
  await eventually(async () => (await readiness(rig)).code).toBe(200);
  const { problems } = await readiness(rig);
  expect(problems).toEqual([
    expect.stringMatching(/stacks\/broken\.yaml:3:\d+: dangling-downstream$/),
    expect.stringMatching(/teams\/second\/team\.yaml:5:30: missing-stack-file$/),
  ]);
  expect(await rig.deliver(pullRequestPayload({ number: 1 }))).toMatchObject({ status: 'accepted' });
});

it('stays ready when the cluster goes away: what the forge sends then is stored', async () => {
  await using rig = await startRig();
  await eventually(async () => (await readiness(rig)).code).toBe(200);
  await rig.api[Symbol.asyncDispose]();
  expect(await readiness(rig)).toMatchObject({ code: 200, reasons: [] });
  expect(await rig.deliver(pullRequestPayload({ number: 1 }))).toMatchObject({
    code: 202,
    status: 'accepted',
  });
});

it('is not ready before it has reached the cluster, and says so', async () => {
  await using rig = await startRig({
    beforeStart: (api) => {
      for (let time = 0; time < REFUSED_LISTS; time += 1) {
        api.failNext({ method: 'GET', status: 403, reason: 'Forbidden', path: '/pipelineruns' });
      }
    },
  });
  const { code, reasons } = await readiness(rig);
  expect(code).toBe(503);
  expect(reasons).toEqual([expect.stringMatching(/^cluster: the runs of namespace tekton-pipelines /)]);
  await eventually(async () => (await readiness(rig)).code).toBe(200);
});

it('is ready for the other teams when the runs of one may not be listed', async () => {
  const [synced, refused] = ['bank', 'acme'];
  const checkReadiness = createReadiness({
    store: { ping: async () => undefined },
    countStacks: () => 1,
    watch: { namespaces: [refused, synced], hasSynced: (namespace) => namespace === synced },
  });
  expect(await checkReadiness()).toEqual([]);
});

it('does not start on a taken port, and lets go of the store', async () => {
  await using rig = await startRig();
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const env = { ...rig.env, TEKTON_DAG_LISTEN_PORT: String(port) };
  const config = parseOrchestratorConfig(env, (path) => readFileSync(path, 'utf8'));
  if (!config.ok) throw new Error('the settings are good');
  await expect(startOrchestrator(config.value, { client: rig.client })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  blocker.close();
});

it('does not start when the store cannot be opened', async () => {
  await using rig = await startRig();
  const env = { ...rig.env, TEKTON_DAG_STORE_URL: 'sqlite:/proc/no/such/place/store.sqlite' };
  const config = parseOrchestratorConfig(env, (path) => readFileSync(path, 'utf8'));
  if (!config.ok) throw new Error('the settings are good');
  await expect(startOrchestrator(config.value, { client: rig.client })).rejects.toMatchObject({
    code: 'STORE_UNOPENABLE',
  });
});
