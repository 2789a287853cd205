/** Two orchestrators of different teams in one namespace: neither disturbs the other. */

import { createKubeClient, kinds } from '@tekton-dag/kube';
import type { PipelineRun } from '@tekton-dag/model';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseOrchestratorConfig, startOrchestrator, type Orchestrator } from '../src/index.ts';
import { phaseOf, type RunPhase } from '../src/runs/run-phase.ts';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { runRecord } from '../src/testing/run-record.ts';
import { REPOSITORY, startConversationRig, type ConversationRig } from './conversation-rig.ts';
import { eventually } from './eventually.ts';
import { API_TOKEN, NAMESPACE, WEBHOOK_SECRET } from './orchestrator-rig.ts';

const BANK_STACK = `
name: bank-stack
apps:
  - { name: bank-api, repo: ${REPOSITORY}, role: persistence, build: { tool: npm } }
`;
const BANK_TEAM = `
name: bank
namespace: ${NAMESPACE}
imageRegistry: registry.example.com/bank
interceptBackend: gateway
maxConcurrentRuns: 1
stacks: [stacks/bank.yaml]
gitUrl: https://github.com/acme/bank-platform
`;

/** The conversation's own orchestrator, of team default with two slots; the neighbour is that of team bank, with one. */
let talk: ConversationRig;
let neighbour: Orchestrator & { readonly directory: string };

async function startNeighbour(): Promise<typeof neighbour> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-neighbour-'));
  await mkdir(join(directory, 'stacks'));
  await mkdir(join(directory, 'teams/bank'), { recursive: true });
  await writeFile(join(directory, 'stacks/bank.yaml'), BANK_STACK);
  await writeFile(join(directory, 'teams/bank/team.yaml'), BANK_TEAM);
  const env = {
    ...talk.rig.env,
    TEKTON_DAG_PLATFORM_DIR: directory,
    TEKTON_DAG_STORE_URL: `sqlite:${join(directory, 'store.sqlite')}`,
    TEKTON_DAG_INSTANCE: 'neighbour',
    TEKTON_DAG_LEASE_NAME: 'tekton-dag-bank',
    TEKTON_DAG_REPORT_NAME: 'tekton-dag/bank',
  };
  const config = parseOrchestratorConfig(env, (path) => readFileSync(path, 'utf8'));
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const client = createKubeClient(talk.rig.api.config);
  const orchestrator = await startOrchestrator(config.value, { client });
  const close = async (): Promise<void> => {
    await orchestrator.close();
    await client.close();
    await rm(directory, { recursive: true });
  };
  return { ...orchestrator, directory, close, [Symbol.asyncDispose]: close };
}

beforeEach(async () => {
  talk = await startConversationRig();
  neighbour = await startNeighbour();
});
afterEach(async () => {
  await neighbour.close();
  await talk[Symbol.asyncDispose]();
});

/** The forge tells both, as two hooks of one repository do. */
async function open(number: number): Promise<void> {
  await talk.openPullRequest({ number });
  await tellNeighbour(REPOSITORY, number);
}

async function tellNeighbour(repository: string, number: number): Promise<void> {
  const payload = pullRequestPayload({ repository, number });
  const { headers, body } = signDelivery(payload, { secret: WEBHOOK_SECRET, id: `to-neighbour-${number}` });
  const url = `${neighbour.url}/webhook/github`;
  const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
  expect(answer.status).toBe(202);
}

const teamOf = ({ metadata }: PipelineRun): string => metadata.labels?.['tekton-dag.io/team'] ?? '';

/** How many runs of a team are in the phase. */
async function count(team: string, phase: RunPhase): Promise<number> {
  return (await talk.rig.runs()).filter((run) => teamOf(run) === team && phaseOf(run) === phase).length;
}

async function nameOf(team: string, number: number): Promise<string> {
  const run = (await talk.runsOf(number)).find((each) => teamOf(each) === team);
  return run?.metadata.name ?? '';
}

interface HistoryEntry {
  readonly name: string;
  readonly team: string;
  readonly state: string;
}

async function historyOf(url: string): Promise<readonly HistoryEntry[]> {
  const response = await fetch(`${url}/api/runs?limit=100`, {
    headers: { authorization: `Bearer ${API_TOKEN}` },
  });
  return JSON.parse(await response.text());
}

async function stateIn(url: string, name: string): Promise<string | undefined> {
  return (await historyOf(url)).find((entry) => entry.name === name)?.state;
}

it('lets go its own runs, by its own slots, and writes them alone into its history', async () => {
  for (const number of [1, 2, 3]) await open(number);
  await eventually(() => count('default', 'live')).toBe(2);
  await eventually(() => count('bank', 'live')).toBe(1);
  await eventually(() => count('default', 'pending')).toBe(1);
  await eventually(() => count('bank', 'pending')).toBe(2);
  await eventually(async () => (await historyOf(talk.rig.url)).length).toBe(3);
  await eventually(async () => (await historyOf(neighbour.url)).length).toBe(3);
  expect(new Set((await historyOf(talk.rig.url)).map(({ team }) => team))).toEqual(new Set(['default']));
  expect(new Set((await historyOf(neighbour.url)).map(({ team }) => team))).toEqual(new Set(['bank']));
  const { items } = await talk.rig.client.resource(kinds.leases, 'default').list();
  expect(items.map(({ metadata }) => String(metadata?.name)).toSorted()).toEqual([
    'tekton-dag-bank',
    'tekton-dag-orchestrator',
  ]);
});

it('knows its own runs among those of others when it has very many teams', async () => {
  for (let index = 1; index <= 60; index += 1) {
    const directory = join(neighbour.directory, `teams/team-${index}`);
    await mkdir(directory);
    await writeFile(join(directory, 'team.yaml'), BANK_TEAM.replace('name: bank', `name: team-${index}`));
  }
  await neighbour.reload();
  await talk.openPullRequest({ number: 1 });
  await tellNeighbour(REPOSITORY, 2);
  await eventually(async () => (await historyOf(talk.rig.url)).length).toBe(1);
  await eventually(async () => (await historyOf(neighbour.url)).length).toBe(61);
  expect((await historyOf(neighbour.url)).map(({ team }) => team)).not.toContain('default');
  await eventually(() => count('bank', 'live')).toBe(1);
});

it('reports under its own name on a pull request that both test', async () => {
  await open(7);
  await eventually(() => count('default', 'live')).toBe(1);
  await eventually(() => count('bank', 'live')).toBe(1);
  await talk.finish(await nameOf('default', 7), 'True', runRecord());
  await talk.finish(await nameOf('bank', 7), 'False', {});
  const [run] = await talk.runsOf(7);
  const sha = run?.metadata.annotations?.['tekton-dag.io/sha'] ?? '';
  const checks = (): Record<string, unknown> =>
    Object.fromEntries(talk.forge.world.checksOf(sha).map(({ name, conclusion }) => [name, conclusion]));
  await eventually(checks).toEqual({ 'tekton-dag': 'success', 'tekton-dag/bank': 'failure' });
  const titles = (): readonly string[] =>
    talk.forge.world
      .commentsOf(REPOSITORY, 7)
      .map(({ body }) => /^### ([^:]+):/m.exec(body)?.[1] ?? '')
      .toSorted();
  await eventually(titles).toEqual(['tekton-dag', 'tekton-dag/bank']);
});

it('leaves the history of a team that is away as it was, and goes on with it when the team is back', async () => {
  const put = (path: string, text: string): Promise<void> => writeFile(join(neighbour.directory, path), text);
  await mkdir(join(neighbour.directory, 'teams/other'));
  await put(
    'teams/other/team.yaml',
    BANK_TEAM.replace('name: bank', 'name: other').replace('/bank.y', '/other.y'),
  );
  await put('stacks/other.yaml', BANK_STACK.replaceAll('bank', 'other').replace(REPOSITORY, 'acme/other'));
  await neighbour.reload();
  await open(1);
  await eventually(() => count('bank', 'live')).toBe(1);
  const run = await nameOf('bank', 1);
  await eventually(() => stateIn(neighbour.url, run)).toBe('running');
  await rm(join(neighbour.directory, 'teams/bank'), { recursive: true });
  expect((await neighbour.reload()).snapshot.teams.has('bank')).toBe(false);
  await talk.rig.endRun(run, 'True', 'Succeeded');
  await tellNeighbour('acme/other', 2);
  await eventually(async () => (await historyOf(neighbour.url)).map(({ team }) => team)).toContain('other');
  expect(await stateIn(neighbour.url, run)).toBe('running');
  await mkdir(join(neighbour.directory, 'teams/bank'));
  await put('teams/bank/team.yaml', BANK_TEAM);
  await neighbour.reload();
  await eventually(() => stateIn(neighbour.url, run)).toBe('succeeded');
});
