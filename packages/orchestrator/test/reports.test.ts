/** Reports in the less usual cases: merge queues, releases, other forges, secrets in test output, a process that is killed. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  mergeGroupPayload,
  onGitea,
  pullRequestPayload,
  signDelivery,
  signGiteaDelivery,
  startFakeGitea,
} from '../src/testing/index.ts';
import { runRecord } from '../src/testing/run-record.ts';
import { startConversationRig, MAINTAINER, type ConversationRig } from './conversation-rig.ts';
import { eventually } from './eventually.ts';
import { startRig, WEBHOOK_SECRET } from './orchestrator-rig.ts';
import { startVictim, type Victim } from './start-victim.ts';

/** Two processes start here, on a machine that may be busy. */
const SLOW_MS = 180_000;

let talk: ConversationRig;
let nextNumber = 800;
let nextSha = 0;

beforeAll(async () => {
  talk = await startConversationRig();
});
afterAll(async () => talk[Symbol.asyncDispose]());

const freshNumber = (): number => nextNumber++;
const freshSha = (): string => (nextSha++).toString(16).padStart(4, 'f').repeat(10);
const conclusionOf = (sha: string): string | null | undefined => talk.checkOf(sha)?.conclusion;
const namesOfRuns = async (number: number): Promise<readonly string[]> =>
  (await talk.runsOf(number)).map(({ metadata }) => metadata.name ?? '');

async function waitForRun(number: number, prefix = 'stack-pr-'): Promise<string> {
  const find = async (): Promise<string> =>
    (await namesOfRuns(number)).find((name) => name.startsWith(prefix)) ?? 'absent';
  await eventually(find).not.toBe('absent');
  return await find();
}

describe('a pull request that is older than the service', () => {
  it('is tested on command, of the team and stack that are named, and shows the answer', async () => {
    const number = freshNumber();
    const sha = freshSha();
    talk.forge.world.putPullRequest({ repository: 'acme/demo-api', number, headSha: sha });
    await talk.say(number, 'octocat', '/test default/another');
    await eventually(() => talk.commentOn(number)).toContain('`/test default/another` not done');
    await talk.say(number, 'octocat', '/test default/stack-one');
    const run = await waitForRun(number);
    await talk.finish(run, 'True', runRecord());
    await eventually(() => conclusionOf(sha)).toBe('success');
    await eventually(() => talk.commentOn(number)).toContain(`started \`${run}\``);
  });

  it('that is closed is not tested', async () => {
    const number = freshNumber();
    talk.forge.world.putPullRequest({ repository: 'acme/demo-api', number, state: 'closed' });
    await talk.say(number, MAINTAINER, '/test');
    await eventually(() => talk.commentOn(number)).toContain('the pull request is closed');
    expect(await talk.runsOf(number)).toEqual([]);
  });
});

describe('a pull request that waits for a slot', () => {
  it('says so, and shows its end like the others', async () => {
    const numbers = [freshNumber(), freshNumber(), freshNumber(), freshNumber()];
    const shas = [freshSha(), freshSha(), freshSha(), freshSha()];
    for (const [index, number] of numbers.entries()) {
      await talk.openPullRequest({ number, headSha: shas[index] ?? '' });
      await waitForRun(number);
    }
    await eventually(() => talk.checkOf(shas[3] ?? '')?.title).toMatch(/^Waiting for a slot/);
    await eventually(() => talk.commentOn(numbers[3] ?? 0)).toContain('waits for a slot');
    for (const number of numbers) {
      const run = await waitForRun(number);
      await talk.rig.endRun(run, 'True', 'Succeeded');
    }
    for (const sha of shas) await eventually(() => conclusionOf(sha)).toBe('success');
  });
});

describe('a merge queue', () => {
  it('gets a concluded check on its own commit', async () => {
    const number = freshNumber();
    const sha = freshSha();
    const payload = mergeGroupPayload({ repository: 'acme/demo-api', number, headSha: sha });
    expect(await talk.rig.deliver(payload, { event: 'merge_group' })).toMatchObject({ status: 'accepted' });
    await talk.finish(await waitForRun(number), 'True', runRecord());
    await eventually(() => conclusionOf(sha)).toBe('success');
  });
});

describe('a release', () => {
  it('is shown in the comment, and leaves the check as it was', async () => {
    const number = freshNumber();
    const sha = freshSha();
    await talk.openPullRequest({ number, headSha: sha });
    await talk.finish(await waitForRun(number), 'True', runRecord());
    await eventually(() => conclusionOf(sha)).toBe('success');
    const fields = {
      action: 'closed',
      merged: true,
      mergeSha: freshSha(),
      updatedAt: '2026-01-05T00:00:00Z',
    };
    await talk.openPullRequest({ number, headSha: sha, ...fields });
    const release = await waitForRun(number, 'stack-merge-');
    await talk.rig.endRun(release, 'True', 'Succeeded');
    await eventually(() => talk.commentOn(number)).toMatch(
      new RegExp(`Release \\[\`${release}\`\\]\\(\\S+\\) of \`default/stack-one\`: succeeded`),
    );
    expect(conclusionOf(sha)).toBe('success');
  });
});

describe('what tests wrote', () => {
  it('is shown without secrets, mentions and colours, at its line', async () => {
    const number = freshNumber();
    const sha = freshSha();
    const token = `ghp_${'x'.repeat(36)}`;
    const message = `\u001B[31mexpected ${token} by @octocat`;
    const failingReport = `<testsuite name="s"><testcase name="lists" file="test/a.test.ts" line="5"><failure>${message}</failure></testcase></testsuite>`;
    await talk.openPullRequest({ number, headSha: sha });
    await talk.finish(await waitForRun(number), 'False', runRecord({ failingReport }));
    await eventually(() => conclusionOf(sha)).toBe('failure');
    // What the run has left is read after its end is shown.
    await eventually(() => talk.checkOf(sha)?.annotations).toMatchObject([
      { path: 'services/api/test/a.test.ts', start_line: 5, message: 'expected [secret] by @octocat' },
    ]);
    await eventually(() => talk.commentOn(number)).toContain('```text\nexpected [secret] by @octocat\n```');
    expect(JSON.stringify(talk.forge.world)).not.toContain(token);
  });
});

describe('a forge that says to wait', () => {
  it('is not asked again before', async () => {
    const number = freshNumber();
    const sha = freshSha();
    const answer = {
      status: 429,
      headers: { 'retry-after': '3' },
      body: { message: 'secondary rate limit' },
    };
    talk.forge.fail({ method: 'POST', path: /check-runs$/, times: 1, answer });
    await talk.openPullRequest({ number, headSha: sha });
    await talk.finish(await waitForRun(number), 'True', runRecord());
    await eventually(() => talk.forge.requests.some(({ status }) => status === 429)).toBe(true);
    await eventually(() => conclusionOf(sha)).toBe('success');
    expect(talk.forge.requests.filter(({ status }) => status === 429)).toHaveLength(1);
  });
});

describe('Gitea', () => {
  it('shows a commit status and one comment, by the same commands', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tekton-dag-gitea-'));
    await using gitea = await startFakeGitea();
    const [tokenFile, file] = [join(directory, 'token'), join(directory, 'forges.yaml')];
    await writeFile(tokenFile, gitea.token);
    await writeFile(file, JSON.stringify([{ ...gitea.entry, tokenFile }]));
    const host = gitea.entry.host;
    const team = `name: default\nhost: ${host}\nnamespace: tekton-pipelines\nimageRegistry: registry.example.com/acme\ninterceptBackend: gateway\nstacks: [stacks/stack-one.yaml]\ngitUrl: https://${host}/acme/platform\nbaseBranches: [main]\n`;
    await using rig = await startRig({
      files: { 'teams/default/team.yaml': team },
      env: { TEKTON_DAG_FORGES_FILE: file },
    });
    const sha = freshSha();
    gitea.world.putPullRequest({ repository: 'acme/demo-api', number: 5, headSha: sha });
    const payload = onGitea(pullRequestPayload({ number: 5, headSha: sha }), host);
    const { headers, body } = signGiteaDelivery(payload, { secret: WEBHOOK_SECRET });
    const answer = await fetch(`${rig.url}/webhook/gitea`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(202);
    await eventually(async () => (await rig.runs()).length).toBe(1);
    await rig.endRun((await rig.runs())[0]?.metadata.name ?? '', 'True', 'Succeeded');
    await eventually(() => gitea.world.checksOf(sha).at(-1)?.conclusion).toBe('success');
    await eventually(() => gitea.world.commentsOf('acme/demo-api', 5).map((comment) => comment.body)).toEqual(
      [expect.stringContaining('tekton-dag: Passed')],
    );
    await rm(directory, { recursive: true });
  });
});

describe('a process that is killed', () => {
  it('owes the report to nobody: the next one shows it', { timeout: SLOW_MS }, async () => {
    const number = freshNumber();
    const sha = freshSha();
    talk.forge.world.putPullRequest({ repository: 'acme/demo-api', number, headSha: sha });
    talk.forge.fail({ answer: { status: 503, body: {} } });
    await using first = await startOwn();
    const { headers, body } = signDelivery(pullRequestPayload({ number, headSha: sha }), {
      secret: WEBHOOK_SECRET,
    });
    await fetch(`${first.url}/webhook/github`, { method: 'POST', headers, body: new Uint8Array(body) });
    const run = await waitForRun(number);
    await eventually(() => talk.forge.requests.some(({ status }) => status === 503)).toBe(true);
    await first[Symbol.asyncDispose]();
    await talk.finish(run, 'True', runRecord());
    talk.forge.recover();
    expect(talk.checkOf(sha)).toBeUndefined();
    await using _second = await startOwn();
    await eventually(() => conclusionOf(sha)).toBe('success');
    await eventually(() => talk.commentOn(number)).toContain('3 tests passed');
  });
});

/** With a store of its own, before the rig's forge and API. */
const startOwn = (): Promise<Victim> => {
  const { env, api } = talk.rig;
  const own = {
    TEKTON_DAG_STORE_URL: `${env['TEKTON_DAG_STORE_URL']}-victim`,
    TEKTON_DAG_INSTANCE: 'victim',
    // The rig's own orchestrator holds the Lease of the usual namespace.
    TEKTON_DAG_LEASE_NAMESPACE: 'victims',
    TEKTON_DAG_LEASE_SECONDS: '2',
  };
  return startVictim({ ...env, ...own }, api.url);
};
