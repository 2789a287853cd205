/** What people say on a pull request, and what it shows of the work, from the webhook to the forge. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runRecord } from '../src/testing/run-record.ts';
import { startConversationRig, MAINTAINER, type ConversationRig } from './conversation-rig.ts';
import { eventually } from './eventually.ts';

let talk: ConversationRig;
let nextNumber = 700;
let nextSha = 0;

beforeAll(async () => {
  talk = await startConversationRig();
});
afterAll(async () => talk[Symbol.asyncDispose]());

const freshNumber = (): number => nextNumber++;
const freshSha = (): string => (nextSha++).toString(16).padStart(4, 'e').repeat(10);

const isOpen = (sha: string): boolean => ['queued', 'in_progress'].includes(talk.checkOf(sha)?.status ?? '');
const conclusionOf = (sha: string): string | null | undefined => talk.checkOf(sha)?.conclusion;
const nameOfRun = async (number: number): Promise<string> =>
  (await talk.runsOf(number)).at(-1)?.metadata.name ?? 'absent';
const namesOfRuns = async (number: number): Promise<readonly string[]> =>
  (await talk.runsOf(number)).map(({ metadata }) => metadata.name ?? '');

describe('a pull request of a fork', () => {
  const number = freshNumber();
  const sha = freshSha();
  let first = '';

  it('waits for a maintainer, and says the words that allow it', async () => {
    await talk.openPullRequest({
      number,
      headSha: sha,
      headRepository: 'mallory/demo-api',
      author: 'mallory',
    });
    await eventually(() => conclusionOf(sha)).toBe('action_required');
    expect(talk.checkOf(sha)?.summary).toContain(`/ok-to-test ${sha}`);
    await eventually(() => talk.commentOn(number)).toContain(`/ok-to-test ${sha}`);
  });

  it('is not allowed by its author, nor for another commit than the one that was read', async () => {
    await talk.say(number, 'mallory', `/ok-to-test ${sha}`);
    await eventually(() => talk.commentOn(number)).toContain('only people with permission `write`');
    await talk.say(number, MAINTAINER, '/ok-to-test 0123456');
    await eventually(() => talk.commentOn(number)).toContain('the latest commit is another one');
    expect(await talk.runsOf(number)).toEqual([]);
  });

  it('is not tested by other commands before', async () => {
    await talk.say(number, MAINTAINER, '/test');
    await eventually(() => talk.commentOn(number)).toContain('this fork is not allowed yet');
    expect(await talk.runsOf(number)).toEqual([]);
  });

  it('gets a run without secrets for exactly that commit', async () => {
    await talk.say(number, MAINTAINER, `Looks harmless.\n/ok-to-test ${sha.slice(0, 8)}`);
    await eventually(() => nameOfRun(number)).not.toBe('absent');
    const [run] = await talk.runsOf(number);
    first = run?.metadata.name ?? '';
    expect(run?.spec.workspaces ?? []).toEqual([]);
    expect(JSON.stringify(run?.spec.params)).toContain(sha);
    await eventually(() => isOpen(sha)).toBe(true);
    await eventually(() => talk.commentOn(number)).toContain(`started \`${first}\``);
  });

  it('names the edge that lost the session when it fails', async () => {
    await talk.finish(
      first,
      'False',
      runRecord({ lostBecause: 'demo-api got the request without the session' }),
    );
    await eventually(() => conclusionOf(sha)).toBe('failure');
    const title = 'The session was lost from demo-fe to demo-api';
    await eventually(() => talk.checkOf(sha)).toMatchObject({
      title,
      detailsUrl: `https://dag.example.com/runs/tekton-pipelines/${first}`,
      annotations: [{ title, message: 'demo-api got the request without the session' }],
    });
    await eventually(() => talk.commentOn(number)).toContain(title);
  });

  it('continues after /retest, succeeds, and still has one comment', async () => {
    await talk.say(number, MAINTAINER, '/retest');
    await eventually(async () => (await talk.runsOf(number)).length).toBe(2);
    const again = (await namesOfRuns(number)).find((name) => name !== first) ?? '';
    expect(again).toMatch(/^stack-continue-/);
    await eventually(() => conclusionOf(sha)).toBe(null);
    await talk.finish(again, 'True', runRecord());
    await eventually(() => conclusionOf(sha)).toBe('success');
    await eventually(() => talk.checkOf(sha)).toMatchObject({
      title: '3 tests passed, the session crossed 1 edge',
      annotations: [],
    });
    await eventually(() => talk.commentOn(number)).toContain('3 tests passed');
  });

  it('needs a new word after a push', async () => {
    const pushed = freshSha();
    const fields = {
      headRepository: 'mallory/demo-api',
      author: 'mallory',
      updatedAt: '2026-01-04T00:00:00Z',
    };
    await talk.openPullRequest({ action: 'synchronize', number, headSha: pushed, ...fields });
    await eventually(() => conclusionOf(pushed)).toBe('action_required');
    await talk.say(number, MAINTAINER, `/ok-to-test ${sha}`);
    await eventually(() => talk.commentOn(number)).toContain(`say \`/ok-to-test ${pushed}\``);
    expect(await talk.runsOf(number)).toHaveLength(2);
  });
});

describe('a check', () => {
  it('of a commit that was overtaken is concluded', async () => {
    const number = freshNumber();
    const [older, newer] = [freshSha(), freshSha()];
    await talk.openPullRequest({ number, headSha: older });
    await eventually(() => isOpen(older)).toBe(true);
    const run = await nameOfRun(number);
    await talk.openPullRequest({
      action: 'synchronize',
      number,
      headSha: newer,
      updatedAt: '2026-01-04T00:00:00Z',
    });
    await eventually(() => talk.checkOf(newer)?.status).toBe('queued');
    await eventually(() => conclusionOf(older)).toBe('cancelled');
    await talk.rig.endRun(run, 'False', 'Cancelled');
    await eventually(() => talk.checkOf(newer)?.status).toBe('in_progress');
    await talk.rig.endRun(
      (await namesOfRuns(number)).find((name) => name !== run) ?? '',
      'True',
      'Succeeded',
    );
    await eventually(() => conclusionOf(newer)).toBe('success');
  });

  it.each([
    ['a draft', { draft: true }, 'skipped'],
    ['a title with [skip ci]', { title: 'Docs [skip ci]' }, 'skipped'],
    ['another base branch', { baseRef: 'topic' }, 'skipped'],
    ['a bot that nobody allowed', { author: 'renovate[bot]' }, 'skipped'],
  ] as const)('is concluded, without a comment, for %s', async (_, fields, conclusion) => {
    const number = freshNumber();
    const sha = freshSha();
    await talk.openPullRequest({ number, headSha: sha, ...fields });
    await eventually(() => conclusionOf(sha)).toBe(conclusion);
    expect(talk.commentOn(number)).toBeUndefined();
  });
});

describe('a hold', () => {
  it('keeps a push from being tested, until it is cancelled', async () => {
    const number = freshNumber();
    const [first, second] = [freshSha(), freshSha()];
    await talk.openPullRequest({ number, headSha: first, draft: true });
    await eventually(() => conclusionOf(first)).toBe('skipped');
    await talk.say(number, 'octocat', '/hold');
    await eventually(() => talk.commentOn(number)).toContain('only people with permission `triage`');
    await talk.say(number, MAINTAINER, '/hold');
    await eventually(() => talk.commentOn(number)).toContain('no test run starts until');
    const push = { action: 'synchronize', updatedAt: '2026-01-04T00:00:00Z', draft: false };
    await talk.openPullRequest({ number, headSha: second, ...push });
    await eventually(() => conclusionOf(second)).toBe('neutral');
    expect(await talk.runsOf(number)).toEqual([]);
    await talk.say(number, MAINTAINER, '/hold cancel');
    await eventually(() => nameOfRun(number)).not.toBe('absent');
    await talk.rig.endRun(await nameOfRun(number), 'True', 'Succeeded');
    await eventually(() => conclusionOf(second)).toBe('success');
  });
});

describe('a hold on a commit that has its run', () => {
  it('leaves the run alone, and its end as well', async () => {
    const number = freshNumber();
    const sha = freshSha();
    await talk.openPullRequest({ number, headSha: sha });
    await eventually(() => isOpen(sha)).toBe(true);
    await talk.say(number, MAINTAINER, '/hold\n/hold cancel');
    await eventually(() => talk.commentOn(number)).toContain('the latest commit has its run already');
    expect(await talk.runsOf(number)).toHaveLength(1);
    await talk.rig.endRun(await nameOfRun(number), 'True', 'Succeeded');
    await eventually(() => conclusionOf(sha)).toBe('success');
  });
});

describe('a comment', () => {
  it.each([
    ['of a bot', { author: 'some[bot]', body: '/test' }],
    ['for other programs', { author: MAINTAINER, body: '/lgtm\n/approve' }],
    ['that only quotes a command', { author: MAINTAINER, body: '> /test' }],
  ])('%s does nothing', async (_, { author, body }) => {
    const answer = await talk.say(freshNumber(), author, body);
    expect(answer).toMatchObject({ code: 200, status: 'ignored' });
    expect(['comment', 'bot']).toContain(answer.reason);
  });

  it('stops the runs, shows the commands, and tells what is wrong with a command', async () => {
    const number = freshNumber();
    const sha = freshSha();
    await talk.openPullRequest({ number, headSha: sha });
    await eventually(() => isOpen(sha)).toBe(true);
    await talk.say(number, 'octocat', '/help\n/hold on\n/cancel');
    await eventually(() => talk.commentOn(number)).toContain('| `/ok-to-test <sha>` |');
    expect(talk.commentOn(number)).toContain('`/hold` not done: write `/hold` or `/hold cancel`');
    expect(talk.commentOn(number)).toContain('`/cancel` done: stopping');
    expect(talk.forge.world.reactions.at(-1)?.content).toBe('-1');
    await talk.rig.endRun(await nameOfRun(number), 'False', 'Cancelled');
    await eventually(() => conclusionOf(sha)).toBe('cancelled');
  });
});

describe('a command', () => {
  it('is carried out once, when the forge can tell again who may give it', async () => {
    const number = freshNumber();
    const sha = freshSha();
    await talk.openPullRequest({ number, headSha: sha });
    await eventually(() => isOpen(sha)).toBe(true);
    const first = await nameOfRun(number);
    await talk.rig.endRun(first, 'True', 'Succeeded');
    await eventually(() => conclusionOf(sha)).toBe('success');
    talk.forge.fail({ path: /permission$/, answer: { status: 502, body: {} } });
    await talk.say(number, MAINTAINER, '/test');
    await eventually(() => talk.forge.requests.filter(({ status }) => status === 502).length).toBeGreaterThan(
      1,
    );
    talk.forge.recover();
    await eventually(async () => (await talk.runsOf(number)).length).toBe(2);
    const second = (await namesOfRuns(number)).find((name) => name !== first) ?? '';
    await eventually(() => talk.commentOn(number)).toContain(`started \`${second}\``);
    await talk.rig.endRun(second, 'True', 'Succeeded');
    expect(await talk.runsOf(number)).toHaveLength(2);
  });
});

describe('a forge that is away', () => {
  it('keeps no run from being made, and gets the report later', async () => {
    const number = freshNumber();
    const sha = freshSha();
    talk.forge.fail({ answer: { status: 503, body: {} } });
    await talk.openPullRequest({ number, headSha: sha });
    await eventually(() => nameOfRun(number)).not.toBe('absent');
    const run = await nameOfRun(number);
    await talk.finish(run, 'True', runRecord());
    expect(talk.checkOf(sha)).toBeUndefined();
    await talk.rig.restart();
    talk.forge.recover();
    await eventually(() => conclusionOf(sha)).toBe('success');
    await eventually(() => talk.commentOn(number)).toContain('3 tests passed');
  });

  it('and allows no check runs gets commit statuses', async () => {
    const number = freshNumber();
    const sha = freshSha();
    const refusal = { status: 403, body: { message: 'Resource not accessible by personal access token' } };
    talk.forge.fail({ method: 'POST', path: /check-runs$/, answer: refusal });
    await talk.openPullRequest({ number, headSha: sha });
    await eventually(() => nameOfRun(number)).not.toBe('absent');
    await talk.finish(await nameOfRun(number), 'True', runRecord());
    await eventually(() => conclusionOf(sha)).toBe('success');
    await eventually(() => talk.commentOn(number)).toContain('3 tests passed');
    talk.forge.recover();
  });

  it('and takes neither checks nor statuses still shows the comment, and is left in peace', async () => {
    const number = freshNumber();
    const refusal = { status: 403, body: { message: 'Resource not accessible' } };
    talk.forge.fail({ method: 'POST', path: /check-runs$|statuses/, answer: refusal });
    await talk.openPullRequest({ number, headSha: freshSha() });
    await eventually(() => nameOfRun(number)).not.toBe('absent');
    await talk.finish(await nameOfRun(number), 'True', runRecord());
    await eventually(() => talk.commentOn(number)).toContain('3 tests passed');
    const refused = talk.forge.requests.filter(({ status }) => status === 403);
    expect(refused.length).toBeLessThan(20);
    talk.forge.recover();
  });
});
