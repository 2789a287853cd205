/** The clients of forges, against forges on loopback. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CheckReport, ForgeClient } from '../src/forge/forge-client.ts';
import { ForgeError } from '../src/forge/forge-error.ts';
import type { ForgeEntry } from '../src/forge/forge-file.ts';
import { createMetrics } from '../src/metrics.ts';
import { createForges } from '../src/start/create-forges.ts';
import {
  APP_HOOK_ID,
  createFakeApp,
  startFakeGitea,
  startFakeGitHub,
  type FakeForge,
} from '../src/testing/index.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-forge-'));
});
afterAll(async () => rm(directory, { recursive: true }));

async function entryOf(fake: FakeForge): Promise<ForgeEntry> {
  const tokenFile = join(directory, `token-${fake.entry.kind}`);
  await writeFile(tokenFile, `${fake.token}\n`);
  return { ...fake.entry, tokenFile, webhooks: [] };
}

function requireClient(entry: ForgeEntry, metrics = createMetrics('test')): ForgeClient {
  const client = createForges([entry], metrics).clientFor(entry.host);
  if (client === undefined) throw new Error('there is no client');
  return client;
}

const CHECK: CheckReport = {
  repository: 'acme/demo-api',
  headSha: 'a'.repeat(40),
  name: 'tekton-dag',
  status: 'in_progress',
  title: 'Runs',
  summary: 'It runs.',
};

const reasonOf = (failing: Promise<unknown>): Promise<unknown> =>
  failing.then(
    () => 'nothing failed',
    (error: unknown) => (error instanceof ForgeError ? error.reason : error),
  );

describe.each([
  ['GitHub', startFakeGitHub],
  ['Gitea', startFakeGitea],
])('a client of %s', (_name, startFake) => {
  let fake: FakeForge;
  let client: ForgeClient;
  beforeEach(async () => {
    fake = await startFake();
    client = requireClient(await entryOf(fake));
  });
  afterEach(async () => fake[Symbol.asyncDispose]());

  it('reads a pull request as webhooks tell of it', async () => {
    fake.world.putPullRequest({
      repository: 'acme/demo-api',
      number: 7,
      author: 'ada',
      headRepository: 'ada/demo-api',
      draft: true,
      body: 'Depends-On: acme/demo-fe#3',
      labels: ['bug'],
    });
    expect(await client.getPullRequest('acme/demo-api', 7)).toMatchObject({
      change: {
        host: fake.entry.host,
        repository: 'acme/demo-api',
        pullRequest: 7,
        headSha: 'a'.repeat(40),
        author: 'ada',
        fromFork: true,
        dependsOn: [{ host: fake.entry.host, repository: 'acme/demo-fe', pullRequest: 3 }],
      },
      state: 'open',
      merged: false,
      draft: true,
      labels: ['bug'],
    });
    expect(await client.getPullRequest('acme/demo-api', 8)).toBeUndefined();
  });

  it('lists the files of all pages', async () => {
    const files = Array.from({ length: 250 }, (_, index) => `src/file-${index}.ts`);
    fake.world.putPullRequest({ repository: 'acme/demo-api', number: 7, files });
    expect(await client.listChangedFiles('acme/demo-api', 7)).toEqual(files);
  });

  it('tells what somebody may do, and nothing of somebody unknown or impossible', async () => {
    fake.world.setPermission('acme/demo-api', 'ada', 'write');
    expect(await client.permissionOf('acme/demo-api', 'ada')).toBe('write');
    expect(await client.permissionOf('acme/demo-api', 'mallory')).toBe('none');
    expect(await client.permissionOf('acme/demo-api', '../..')).toBe('none');
    expect(await client.permissionOf('acme/demo-api', '')).toBe('none');
  });

  it('keeps one comment, finds it by its marker, and takes no other one for it', async () => {
    const { world } = fake;
    const comment = { repository: 'acme/demo-api', pullRequest: 7, marker: '<!-- ours -->' };
    world.comments.push({
      id: 1,
      repository: 'acme/demo-api',
      pullRequest: 7,
      author: 'mallory',
      body: '<!-- ours -->',
      versions: 1,
    });
    const { id } = await client.putComment({ ...comment, body: '<!-- ours --> one' });
    expect(await client.putComment({ ...comment, body: '<!-- ours --> two' })).toEqual({ id });
    expect(await client.putComment({ ...comment, id, body: '<!-- ours --> three' })).toEqual({ id });
    expect(world.commentsOf('acme/demo-api', 7)).toMatchObject([
      { author: 'mallory', versions: 1 },
      { author: 'tekton-dag', body: '<!-- ours --> three', versions: 3 },
    ]);
    world.comments.splice(0);
    const fresh = await client.putComment({ ...comment, id, body: '<!-- ours --> four' });
    expect(world.commentsOf('acme/demo-api', 7)).toMatchObject([{ body: '<!-- ours --> four' }]);
    expect(fresh.id).not.toBe(id);
  });

  it('shows a check from its beginning to its end as one', async () => {
    const { id } = await client.putCheck(CHECK);
    await client.putCheck({ ...CHECK, id, status: 'completed', conclusion: 'success', title: 'Passed' });
    expect(fake.world.checksOf(CHECK.headSha)).toMatchObject([
      { name: 'tekton-dag', status: 'completed', conclusion: 'success', title: 'Passed' },
    ]);
  });

  it('reads again what failed for a moment, and writes only once', async () => {
    fake.world.putPullRequest({ repository: 'acme/demo-api', number: 7 });
    fake.fail({ method: 'GET', times: 2, answer: { status: 502 } });
    expect(await client.getPullRequest('acme/demo-api', 7)).toMatchObject({ state: 'open' });
    fake.fail({ method: 'POST', answer: { status: 502 } });
    expect(await reasonOf(client.putCheck(CHECK))).toBe('unavailable');
    expect(fake.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('tells a cut connection, a refusal and a wrong token apart', async () => {
    fake.fail({ answer: { status: 0 }, times: 3 });
    expect(await reasonOf(client.getPullRequest('acme/demo-api', 7))).toBe('unavailable');
    fake.fail({ answer: { status: 403, body: { message: 'Resource not accessible' } }, times: 1 });
    expect(await reasonOf(client.getPullRequest('acme/demo-api', 7))).toBe('forbidden');
    fake.fail({ answer: { status: 422, body: { message: 'no' } }, times: 1 });
    expect(await reasonOf(client.putCheck(CHECK))).toBe('invalid');
    const tokenFile = join(directory, 'wrong');
    await writeFile(tokenFile, 'not-the-token-at-all');
    const stranger = requireClient({ ...(await entryOf(fake)), tokenFile });
    expect(await reasonOf(stranger.getPullRequest('acme/demo-api', 7))).toBe('unauthorized');
    await writeFile(tokenFile, fake.token);
    expect(await stranger.getPullRequest('acme/demo-api', 7)).toBeUndefined();
  });

  it('says when a limit ends, and does not ask again before', async () => {
    fake.fail({ answer: { status: 429, headers: { 'retry-after': '30' } }, times: 1 });
    const before = Date.now();
    const error = await client.putCheck(CHECK).catch((reason: unknown) => reason);
    if (!(error instanceof ForgeError)) throw new Error('it was not refused');
    expect(error.reason).toBe('rate-limited');
    expect(error.retryAtMs).toBeGreaterThanOrEqual(before + 30_000);
    const asked = fake.requests.length;
    expect(await reasonOf(client.putCheck(CHECK))).toBe('rate-limited');
    expect(fake.requests).toHaveLength(asked);
  });

  it('refuses what is no repository before it asks', async () => {
    expect(await reasonOf(client.getPullRequest('../..', 7))).toBe('invalid');
    expect(fake.requests).toHaveLength(0);
  });
});

describe('a client of GitHub', () => {
  let fake: FakeForge;
  afterEach(async () => fake[Symbol.asyncDispose]());

  async function startAsApp(): Promise<ForgeClient> {
    const { app, privateKey } = createFakeApp();
    fake = await startFakeGitHub({ app });
    const privateKeyFile = join(directory, 'app.pem');
    await writeFile(privateKeyFile, privateKey);
    return requireClient({ ...fake.entry, app: { id: app.id, privateKeyFile }, webhooks: [] });
  }

  it('shows a check with all its words as an App, and as a status with a token, which may not', async () => {
    const asApp = await startAsApp();
    const { id } = await asApp.putCheck(CHECK);
    const done = { ...CHECK, status: 'completed', conclusion: 'action_required' } as const;
    await asApp.putCheck({ ...done, id, summary: 'Read it first.' });
    expect(fake.world.checks).toMatchObject([{ conclusion: 'action_required', summary: 'Read it first.' }]);
    fake.world.checks.splice(0);
    const byToken = requireClient(await entryOf(fake));
    const shown = await byToken.putCheck({ ...done, title: 'x'.repeat(500) });
    expect(fake.world.checks).toMatchObject([{ status: 'in_progress', title: 'x'.repeat(140) }]);
    await byToken.putCheck({ ...done, ...shown, conclusion: 'skipped' });
    expect(fake.world.checks).toMatchObject([{ name: CHECK.name, conclusion: 'success' }]);
  });

  it('pays nothing for what did not change, and shows what is left', async () => {
    fake = await startFakeGitHub({ rateLimit: 100 });
    fake.world.putPullRequest({ repository: 'acme/demo-api', number: 7 });
    const metrics = createMetrics('test');
    const client = requireClient(await entryOf(fake), metrics);
    const first = await client.getPullRequest('acme/demo-api', 7);
    expect(client.budget()).toMatchObject({ remaining: 99, limit: 100 });
    expect(await client.getPullRequest('acme/demo-api', 7)).toEqual(first);
    expect(client.budget()).toMatchObject({ remaining: 99 });
    expect(fake.requests.map(({ status }) => status)).toEqual([200, 304]);
    fake.world.putPullRequest({ repository: 'acme/demo-api', number: 7, headSha: 'b'.repeat(40) });
    expect((await client.getPullRequest('acme/demo-api', 7))?.change.headSha).toBe('b'.repeat(40));
    const text = await metrics.registry.metrics();
    expect(text).toContain('tekton_dag_forge_api_budget_remaining{host="github.com"} 98');
    expect(text).toContain(
      'tekton_dag_forge_api_requests_total{host="github.com",operation="get-pull-request",status="304"} 1',
    );
  });

  it('rejects when the budget is used up, with the time of the reset', async () => {
    fake = await startFakeGitHub({ rateLimit: 1 });
    const client = requireClient(await entryOf(fake));
    await client.permissionOf('acme/demo-api', 'ada');
    const error = await client.putCheck(CHECK).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ reason: 'rate-limited' });
    expect(client.budget()).toMatchObject({ remaining: 0 });
  });

  it('sends any number of annotations, fifty at a time', async () => {
    const client = await startAsApp();
    const annotations = Array.from({ length: 120 }, (_, index) => ({
      path: 'src/main.ts',
      startLine: index + 1,
      endLine: index + 1,
      level: 'failure' as const,
      title: 'A test failed',
      message: 'expected 1 to be 2',
    }));
    await client.putCheck({ ...CHECK, status: 'completed', conclusion: 'failure', annotations });
    expect(fake.world.checksOf(CHECK.headSha)[0]?.annotations).toHaveLength(120);
    const written = fake.requests.filter(({ path }) => path.includes('/check-runs'));
    expect(written.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'PATCH']);
  });

  it('works as an App: one token of its installation for many calls, comments as the App', async () => {
    const client = await startAsApp();
    fake.world.putPullRequest({ repository: 'acme/demo-api', number: 7 });
    expect(await client.getPullRequest('acme/demo-api', 7)).toMatchObject({ state: 'open' });
    const comment = { repository: 'acme/demo-api', pullRequest: 7, marker: '<!-- m -->' };
    const { id } = await client.putComment({ ...comment, body: '<!-- m --> one' });
    expect(await client.putComment({ ...comment, body: '<!-- m --> two' })).toEqual({ id });
    expect(fake.world.comments).toMatchObject([{ author: 'tekton-dag[bot]', versions: 2 }]);
    const tokens = fake.requests.filter(({ path }) => path.endsWith('/access_tokens'));
    expect(tokens).toHaveLength(1);
  });

  it('reads what was delivered to the hook of the App itself, page by page', async () => {
    const client = await startAsApp();
    for (let count = 1; count <= 120; count += 1) {
      fake.world.addHookDelivery(APP_HOOK_ID, { guid: `guid-${count}`, event: 'ping', payload: { count } });
    }
    const hooks = client.hookDeliveries;
    if (hooks === undefined) throw new Error('GitHub keeps a list');
    const first = await hooks.list({});
    const { deliveries, next } = await hooks.list({}, first.next);
    expect(first.deliveries[0]).toMatchObject({ guid: 'guid-120', event: 'ping' });
    expect([first.deliveries.length, deliveries.length, next]).toEqual([100, 20, undefined]);
    const payloads = await Promise.all(deliveries.slice(-1).map(({ id }) => hooks.getPayload({}, id)));
    expect(payloads.map((payload) => Buffer.from(payload).toString())).toEqual(['{"count":1}']);
  });
});
