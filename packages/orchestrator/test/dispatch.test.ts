/** What becomes of a stored delivery: which apps are run, with which other pull requests, and what the cluster will not have. */

import type { PipelineRun } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullRequestPayload, type PullRequestFields } from '../src/testing/index.ts';
import { startConversationRig, type ConversationRig } from './conversation-rig.ts';
import { eventually } from './eventually.ts';
import type { Answer } from './orchestrator-rig.ts';

const STACK = `
name: stack-one
defaults: { namespace: staging }
apps:
  - { name: demo-fe, repo: acme/demo-fe, role: frontend, build: { tool: npm }, downstream: [demo-api] }
  - { name: demo-api, repo: acme/demo-api, role: middleware, build: { tool: pip }, downstream: [mono-a, mono-b] }
  - { name: mono-a, repo: acme/mono, role: persistence, build: { tool: pip }, context-dir: a, paths: ['a/**', 'shared/**'] }
  - { name: mono-b, repo: acme/mono, role: persistence, build: { tool: pip }, context-dir: b, paths: ['b/**', 'shared/**'] }
`;

const OTHER_TEAM = `
name: other
namespace: other-runs
imageRegistry: registry.example.com/other
stacks: [stacks/stack-one.yaml]
gitUrl: https://github.com/acme/platform
`;

let talk: ConversationRig;
let nextNumber = 400;
let nextSha = 0;

beforeAll(async () => {
  talk = await startConversationRig({ files: { 'stacks/stack-one.yaml': STACK } });
});
afterAll(async () => talk[Symbol.asyncDispose]());

const freshNumber = (): number => nextNumber++;
const freshSha = (): string => (nextSha++).toString(16).padStart(4, 'd').repeat(10);

interface Opening extends PullRequestFields {
  readonly repository: string;
  readonly number: number;
  readonly files?: readonly string[];
}

/** The forge has it, and tells the orchestrator. */
async function open({ files = ['src/main.ts'], ...fields }: Opening): Promise<Answer> {
  const { repository, number, headSha = freshSha(), body = '', headRepository = repository } = fields;
  talk.forge.world.putPullRequest({ repository, number, headSha, body, files, headRepository });
  return await talk.rig.deliver(pullRequestPayload({ ...fields, headSha }));
}

function paramOf(run: PipelineRun | undefined, name: string): string | undefined {
  const value = run?.spec.params?.find((param) => param.name === name)?.value;
  return typeof value === 'string' ? value : undefined;
}

async function runNamed(name: string | undefined): Promise<PipelineRun | undefined> {
  return (await talk.rig.runs()).find(({ metadata }) => metadata.name === name);
}

const revisionsOf = (run: PipelineRun | undefined): unknown =>
  JSON.parse(paramOf(run, 'app-revisions') ?? 'null');

async function outcomeOf(delivery: string | undefined): Promise<unknown> {
  const answer = await talk.rig.call('GET', `/api/deliveries/github.com/${delivery}`);
  const found: { readonly outcome?: unknown } = JSON.parse(await answer.text());
  return found.outcome;
}

describe('a repository of several apps', () => {
  const repository = 'acme/mono';

  it('gets one run, for the apps whose files have changed', async () => {
    const sha = freshSha();
    const { pipelinerun, runs } = await open({
      repository,
      number: freshNumber(),
      headSha: sha,
      files: ['b/x.py'],
    });
    expect(runs).toHaveLength(1);
    await eventually(async () => paramOf(await runNamed(pipelinerun), 'changed-app')).toBe('mono-b');
    const run = await runNamed(pipelinerun);
    expect(revisionsOf(run)).toEqual({ 'mono-b': sha });
    expect(run?.metadata.labels?.['tekton-dag.io/app']).toBe('mono-b');
  });

  it('gets one run for all of its apps when a file of all has changed', async () => {
    const { pipelinerun } = await open({ repository, number: freshNumber(), files: ['shared/x.py'] });
    await eventually(async () => paramOf(await runNamed(pipelinerun), 'changed-app')).toBe('mono-a,mono-b');
    const run = await runNamed(pipelinerun);
    expect(run?.metadata.labels).not.toHaveProperty('tekton-dag.io/app');
    expect(run?.metadata.annotations?.['tekton-dag.io/apps']).toBe('mono-a,mono-b');
  });

  it('gets none when no file of an app has changed, and a check that says so', async () => {
    const sha = freshSha();
    const number = freshNumber();
    const { delivery } = await open({ repository, number, headSha: sha, files: ['README.md'] });
    await eventually(() => outcomeOf(delivery)).toMatchObject({ kind: 'skipped', reason: 'paths' });
    expect(await talk.runsOf(number)).toEqual([]);
    await eventually(() => talk.checkOf(sha)?.conclusion).toBe('skipped');
  });
});

describe('Depends-On', () => {
  it('builds both pull requests into one run, in the session of the one that depends', async () => {
    const [needed, sha, neededSha] = [freshNumber(), freshSha(), freshSha()];
    await open({ repository: 'acme/demo-api', number: needed, headSha: neededSha });
    const { pipelinerun } = await open({
      repository: 'acme/demo-fe',
      number: freshNumber(),
      headSha: sha,
      body: `Needs the other one.\n\nDepends-On: acme/demo-api#${needed}\n`,
    });
    await eventually(async () => paramOf(await runNamed(pipelinerun), 'changed-app')).toBe(
      'demo-api,demo-fe',
    );
    const run = await runNamed(pipelinerun);
    expect(revisionsOf(run)).toEqual({ 'demo-fe': sha, 'demo-api': neededSha });
    const annotation = run?.metadata.annotations?.['tekton-dag.io/depends-on'];
    expect(annotation).toBe(`acme/demo-api#${needed}@${neededSha}`);
  });

  it('tests the dependent again, once, when what it depends on gets a push', async () => {
    const [needed, dependent, neededSha] = [freshNumber(), freshNumber(), freshSha()];
    await open({ repository: 'acme/demo-api', number: needed });
    await open({
      repository: 'acme/demo-fe',
      number: dependent,
      body: `Depends-On: acme/demo-api#${needed}`,
    });
    await eventually(async () => (await talk.runsOf(dependent)).length).toBe(1);
    const updatedAt = '2026-01-02T05:00:00Z';
    const push = { action: 'synchronize', repository: 'acme/demo-api', number: needed, updatedAt } as const;
    await open({ ...push, headSha: neededSha });
    await eventually(async () => (await talk.runsOf(dependent)).length).toBe(2);
    const revisions = (await talk.runsOf(dependent)).map(revisionsOf);
    expect(revisions).toContainEqual(expect.objectContaining({ 'demo-api': neededSha }));
    await open({ ...push, headSha: neededSha });
    const later = await open({ repository: 'acme/demo-fe', number: freshNumber() });
    await eventually(() => runNamed(later.pipelinerun)).toBeDefined();
    expect(await talk.runsOf(dependent)).toHaveLength(2);
  });

  it('leaves out what is merged, and takes two that need each other', async () => {
    const [merged, other, number] = [freshNumber(), freshNumber(), freshNumber()];
    const { world } = talk.forge;
    world.putPullRequest({ repository: 'acme/mono', number: merged, state: 'closed', merged: true });
    const otherSha = freshSha();
    const back = `Depends-On: acme/demo-fe#${number}`;
    world.putPullRequest({ repository: 'acme/demo-api', number: other, headSha: otherSha, body: back });
    const sha = freshSha();
    const body = `Depends-On: acme/mono#${merged}\nDepends-On: https://github.com/acme/demo-api/pull/${other}`;
    const { pipelinerun } = await open({ repository: 'acme/demo-fe', number, headSha: sha, body });
    await eventually(async () => revisionsOf(await runNamed(pipelinerun))).toEqual({
      'demo-fe': sha,
      'demo-api': otherSha,
    });
  });

  it.each([
    ['is closed', { state: 'closed' }, 'was closed without a merge'],
    ['comes from a fork that nobody allowed', { headRepository: 'mallory/demo-api' }, 'comes from a fork'],
    [
      'is of a repository of no stack',
      { repository: 'acme/unrelated' },
      'feeds no stack of this pull request',
    ],
  ] as const)('makes no run when the needed one %s, and the check says why', async (_, fields, said) => {
    const [needed, number, sha] = [freshNumber(), freshNumber(), freshSha()];
    const repository = 'repository' in fields ? fields.repository : 'acme/demo-api';
    talk.forge.world.putPullRequest({ repository, number: needed, ...fields });
    const body = `Depends-On: ${repository}#${needed}`;
    const { delivery } = await open({ repository: 'acme/demo-fe', number, headSha: sha, body });
    await eventually(() => outcomeOf(delivery)).toMatchObject({ kind: 'skipped', reason: 'dependency' });
    expect(await outcomeOf(delivery)).toHaveProperty('detail', expect.stringContaining(said));
    expect(await talk.runsOf(number)).toEqual([]);
    await eventually(() => talk.checkOf(sha)?.status).toBe('completed');
  });
});

describe('what the cluster will not have', () => {
  it('is told, and keeps no other team from its run', async () => {
    await using two = await startConversationRig({ files: { 'teams/other/team.yaml': OTHER_TEAM } });
    const refused = { status: 422, reason: 'Invalid', method: 'POST', path: 'other-runs/pipelineruns' };
    two.rig.api.failNext(refused);
    const { delivery, runs } = await two.openPullRequest({ number: 1 });
    expect(runs).toHaveLength(2);
    await eventually(async () => (await two.runsOf(1)).length).toBe(1);
    const read = async (): Promise<unknown> => {
      const answer = await two.rig.call('GET', `/api/deliveries/github.com/${delivery}`);
      const found: { readonly outcome?: unknown } = JSON.parse(await answer.text());
      return found.outcome;
    };
    await eventually(read).toMatchObject({
      kind: 'runs',
      runs: [{ team: 'default' }],
      skipped: [{ team: 'other', reason: 'forbidden', detail: 'refused: Invalid' }],
    });
  });
});
