/** The table of attacks: none of these makes a run, and each has a reason of its own. */

import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { readAnswer, startRig, WEBHOOK_SECRET, type Answer, type Rig } from './orchestrator-rig.ts';
import {
  commentPayload,
  mergeGroupPayload,
  onGitea,
  pullRequestPayload,
  pushPayload,
  signDelivery,
  signGiteaDelivery,
  type SignedDelivery,
} from '../src/testing/index.ts';

const TEAM_SECRET = 'the secret of team beta alone';
const ACME_SECRET = 'the secret of organization acme';
const GITEA = 'git.example.com';

const team = (name: string, host: string, stack: string): string => `
name: ${name}
namespace: tekton-pipelines
host: ${host}
imageRegistry: registry.example.com/${name}
stacks: [stacks/${stack}.yaml]
gitUrl: https://github.com/acme/platform
baseBranches: [main]
allowedBots: [renovate]
`;
const stack = (name: string, repo: string): string =>
  `name: ${name}\napps:\n  - { name: ${name}-app, repo: ${repo}, role: standalone }\n`;

let rig: Rig;
let directory: string;
let nextNumber = 1_000;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tekton-dag-secrets-'));
  // As kubelet lays a Secret out: the names are links into a directory that is replaced as a whole.
  await mkdir(join(directory, '..data-1'));
  await writeFile(join(directory, '..data-1/beta'), `${TEAM_SECRET}\n`);
  await writeFile(join(directory, '..data-1/acme'), ACME_SECRET);
  await symlink('..data-1', join(directory, '..data'));
  for (const name of ['beta', 'acme', 'beta.next']) await symlink(`..data/${name}`, join(directory, name));
  await writeFile(join(directory, '..data-1/beta.next'), 'the next secret of team beta');
  rig = await startRig({
    env: { TEKTON_DAG_WEBHOOK_SECRETS_DIR: directory },
    files: {
      'teams/beta/team.yaml': team('beta', 'github.com', 'beta'),
      'stacks/beta.yaml': stack('beta', 'beta-org/service'),
      'teams/gamma/team.yaml': team('gamma', GITEA, 'gamma'),
      'stacks/gamma.yaml': stack('gamma', 'gamma-org/service'),
    },
  });
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const freshNumber = (): number => nextNumber++;

async function post(path: string, { headers, body }: SignedDelivery): Promise<Answer> {
  const request = { method: 'POST', headers, body: new Uint8Array(body) };
  return readAnswer(await fetch(`${rig.url}${path}`, request));
}

const signed = (payload: object, event = 'pull_request', secret = WEBHOOK_SECRET): SignedDelivery =>
  signDelivery(payload, { secret, event });

async function runsOf(number: number): Promise<readonly string[]> {
  return (await rig.runs())
    .map(({ metadata }) => metadata.name ?? '')
    .filter((name) => name.includes(`-${number}-`));
}

/** Deliveries are begun in the order of arrival: when a later one has its run, earlier ones had their chance. */
async function settle(): Promise<void> {
  const { pipelinerun } = await rig.deliver(pullRequestPayload({ number: freshNumber() }));
  await eventually(async () => (await rig.runs()).map(({ metadata }) => metadata.name)).toContain(
    pipelinerun,
  );
}

async function countOf(outcome: string, reason: string): Promise<number> {
  const text = await (await rig.call('GET', '/metrics')).text();
  const line = `tekton_dag_deliveries_total{outcome="${outcome}",reason="${reason}"} `;
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(line))
      ?.slice(line.length) ?? 0,
  );
}

describe('a delivery that is signed and must make no run', () => {
  it.each([
    ['wrong event', 'event', () => ({}), 'deployment_status'],
    [
      'wrong branch',
      'base-branch',
      (number: number) => pullRequestPayload({ number, baseRef: 'release' }),
      'pull_request',
    ],
    ['a push to a base branch', 'push', () => pushPayload(), 'push'],
    ['a push to another branch', 'base-branch', () => pushPayload({ ref: 'refs/heads/topic' }), 'push'],
    ['a tag', 'tag', () => pushPayload({ ref: 'refs/tags/v1' }), 'push'],
    ['a deleted ref', 'deleted-ref', () => pushPayload({ deleted: true, after: '0'.repeat(40) }), 'push'],
    ['the zero SHA', 'zero-sha', () => pushPayload({ after: '0'.repeat(40) }), 'push'],
    ['[skip ci] in a pushed commit', 'skip-ci', () => pushPayload({ message: 'Docs [skip ci]' }), 'push'],
    ['a draft', 'draft', (number: number) => pullRequestPayload({ number, draft: true }), 'pull_request'],
    [
      'a fork',
      'fork',
      (number: number) => pullRequestPayload({ number, headRepository: 'mallory/demo-api' }),
      'pull_request',
    ],
    [
      'a bot',
      'bot',
      (number: number) => pullRequestPayload({ number, author: 'other[bot]', authorType: 'Bot' }),
      'pull_request',
    ],
    [
      'an unknown team',
      'unknown-repository',
      (number: number) => pullRequestPayload({ number, repository: 'nobody/service' }),
      'pull_request',
    ],
    [
      '[skip ci] in a title',
      'skip-ci',
      (number: number) => pullRequestPayload({ number, title: 'Docs [CI skip]' }),
      'pull_request',
    ],
    [
      'an edited title',
      'action',
      (number: number) => pullRequestPayload({ number, action: 'edited', changes: { title: { from: 'x' } } }),
      'pull_request',
    ],
    [
      'a comment without a command',
      'comment',
      (number: number) => commentPayload({ number, body: 'I would /test it' }),
      'issue_comment',
    ],
    [
      'a command on an issue',
      'comment',
      (number: number) => commentPayload({ number, onPullRequest: false }),
      'issue_comment',
    ],
    [
      'a command that was edited in',
      'action',
      (number: number) => commentPayload({ number, action: 'edited' }),
      'issue_comment',
    ],
    [
      'a command of a bot',
      'bot',
      (number: number) => commentPayload({ number, authorType: 'Bot' }),
      'issue_comment',
    ],
    [
      'a merge group that is gone',
      'action',
      (number: number) => mergeGroupPayload({ number, action: 'destroyed' }),
      'merge_group',
    ],
  ])('%s is ignored: %s', async (_name, reason, payloadOf, event) => {
    const number = freshNumber();
    const before = await countOf('ignored', reason);
    const delivery = signed(payloadOf(number), event);
    const answer = await post('/webhook/github', delivery);
    expect(answer).toMatchObject({ code: 200, status: 'ignored', reason, delivery: delivery.id });
    expect(await post('/webhook/github', delivery)).toEqual(answer);
    expect(await countOf('ignored', reason)).toBe(before + 2);
    await settle();
    expect(await runsOf(number)).toEqual([]);
  });
});

describe('a request that is not authentic', () => {
  const body = (): object => pullRequestPayload({ number: freshNumber(), repository: 'beta-org/service' });

  it.each([
    [
      'unsigned',
      '/webhook/github',
      () => ({ ...signed(body()), headers: { 'content-type': 'application/json' } }),
    ],
    ['forged', '/webhook/github', () => signed(body(), 'pull_request', 'a secret that nobody has')],
    ['signed for another path', '/webhook/github/beta', () => signed(body())],
    [
      'signed by a team, without its name',
      '/webhook/github',
      () => signed(body(), 'pull_request', TEAM_SECRET),
    ],
    ['for an unknown name', '/webhook/github/nobody', () => signed(body(), 'pull_request', TEAM_SECRET)],
    ['for a name that is no name', '/webhook/github/..data', () => signed(body())],
    ['for a path that is encoded', '/webhook/github/%2e%2e%2fbeta', () => signed(body())],
    ['of another forge', '/webhook/gitea', () => signed(body())],
  ])('%s is refused with 401 in the same words, and leaves nothing', async (_name, path, deliveryOf) => {
    const delivery = deliveryOf();
    const answer = await post(path, delivery);
    expect(answer).toMatchObject({ code: 401, title: 'The signature is missing or wrong' });
    const again = await post('/webhook/github', signed(body()));
    expect(again).toMatchObject({ code: 202 });
  });

  it('replayed with another body is refused with 409, also where the first made no run', async () => {
    const ignored = signDelivery(pullRequestPayload({ number: freshNumber(), draft: true }), {
      secret: WEBHOOK_SECRET,
      id: 'ignored-first',
    });
    const idle = signDelivery(pushPayload(), { secret: WEBHOOK_SECRET, id: 'idle-first', event: 'push' });
    for (const first of [ignored, idle]) {
      const event = first === idle ? 'push' : 'pull_request';
      await post('/webhook/github', first);
      const other = signDelivery(pullRequestPayload({ number: freshNumber() }), {
        secret: WEBHOOK_SECRET,
        id: first.id,
        event: 'pull_request',
      });
      expect([event, (await post('/webhook/github', other)).code]).toEqual([event, 409]);
    }
  });

  it('gives one run when one body is signed again under other ids', async () => {
    const number = freshNumber();
    const payload = pullRequestPayload({ number });
    const [one, two] = [
      await rig.deliver(payload, { id: 'one-id' }),
      await rig.deliver(payload, { id: 'other-id' }),
    ];
    expect(two).toMatchObject({ code: 202, runs: one.runs });
    await eventually(() => runsOf(number)).toEqual(one.runs);
    await settle();
    expect(await runsOf(number)).toEqual(one.runs);
  });
});

describe('a secret with a name', () => {
  const pull = (fields: object): object => pullRequestPayload({ number: freshNumber(), ...fields });

  it('that is a team speaks for the repositories of the team', async () => {
    const own = signed(pull({ repository: 'beta-org/service' }), 'pull_request', TEAM_SECRET);
    expect(await post('/webhook/github/beta', own)).toMatchObject({ code: 202, mode: 'pr' });
    const next = signed(
      pull({ repository: 'beta-org/service' }),
      'pull_request',
      'the next secret of team beta',
    );
    expect(await post('/webhook/github/beta', next)).toMatchObject({ code: 202 });
  });

  it.each([
    ['a team', 'beta', TEAM_SECRET, { repository: 'acme/demo-api' }],
    ['a team, for an unknown repository', 'beta', TEAM_SECRET, { repository: 'nobody/service' }],
    ['an organization', 'acme', ACME_SECRET, { repository: 'beta-org/service' }],
    [
      'an organization, for one that begins like it',
      'acme',
      ACME_SECRET,
      { repository: 'acme-evil/demo-api' },
    ],
  ])('of %s speaks for nobody else: 403, and nothing is kept', async (_name, path, secret, fields) => {
    const before = await countOf('refused', 'wrong-secret-scope');
    const delivery = signed(pull(fields), 'pull_request', secret);
    expect(await post(`/webhook/github/${path}`, delivery)).toMatchObject({ code: 403 });
    expect(await countOf('refused', 'wrong-secret-scope')).toBe(before + 1);
    const listed = await rig.call('GET', `/api/deliveries/github.com/${delivery.id}`);
    expect(listed.status).toBe(404);
  });

  it('that is an organization speaks for its repositories, whatever the letters', async () => {
    const own = signed(pull({ repository: 'ACME/demo-api' }), 'pull_request', ACME_SECRET);
    expect(await post('/webhook/github/Acme', own)).toMatchObject({ code: 202 });
    const ping = signDelivery({ zen: 'Keep it logically awesome.' }, { secret: ACME_SECRET, event: 'ping' });
    expect(await post('/webhook/github/acme', ping)).toMatchObject({ code: 200, reason: 'event' });
  });

  it('is read again when the mounted Secret changes, without a restart', async () => {
    await mkdir(join(directory, '..data-2'));
    await writeFile(join(directory, '..data-2/beta'), 'a fresh secret of team beta');
    await writeFile(join(directory, '..data-2/acme'), ACME_SECRET);
    await writeFile(join(directory, '..data-2/beta.next'), 'another one for the time after');
    await symlink('..data-2', join(directory, '..data-new'));
    await rename(join(directory, '..data-new'), join(directory, '..data'));
    const fresh = (): SignedDelivery =>
      signed(pull({ repository: 'beta-org/service' }), 'pull_request', 'a fresh secret of team beta');
    await eventually(async () => (await post('/webhook/github/beta', fresh())).code).toBe(202);
    const old = signed(pull({ repository: 'beta-org/service' }), 'pull_request', TEAM_SECRET);
    expect((await post('/webhook/github/beta', old)).code).toBe(401);
  }, 30_000);
});

describe('a delivery of Gitea', () => {
  const gitea = (payload: object, event = 'pull_request'): SignedDelivery =>
    signGiteaDelivery(onGitea(payload, GITEA), { secret: WEBHOOK_SECRET, event });
  const repository = 'gamma-org/service';

  it('becomes a run, also when commits were pushed', async () => {
    for (const action of ['opened', 'synchronize']) {
      const number = freshNumber();
      const answer = await post('/webhook/gitea', gitea(pullRequestPayload({ number, action, repository })));
      expect(answer).toMatchObject({ code: 202, mode: 'pr' });
      await eventually(() => runsOf(number)).toEqual(answer.runs);
    }
  });

  it.each([
    ['a fork', 'fork', pullRequestPayload({ repository, headRepository: 'mallory/service' }), 'pull_request'],
    ['a tag', 'tag', pushPayload({ repository, ref: 'refs/tags/v1' }), 'push'],
    ['a comment', 'comment', commentPayload({ repository, body: 'hello' }), 'issue_comment'],
    ['another event', 'event', {}, 'wiki'],
    [
      'the same name on another host',
      'unknown-repository',
      pullRequestPayload({ repository: 'acme/demo-api' }),
      'pull_request',
    ],
  ])('%s is ignored: %s', async (_name, reason, payload, event) => {
    expect(await post('/webhook/gitea', gitea(payload, event))).toMatchObject({ code: 200, reason });
  });

  it('is refused when it is not signed', async () => {
    const { body, headers, id } = gitea(pullRequestPayload({ repository }));
    const forged = { ...headers, 'x-gitea-signature': '0'.repeat(64) };
    expect(await post('/webhook/gitea', { id, body, headers: forged })).toMatchObject({ code: 401 });
  });
});

it('tests what a merge queue made, and the bot that a team allows', async () => {
  const number = freshNumber();
  const queued = await post('/webhook/github', signed(mergeGroupPayload({ number }), 'merge_group'));
  expect(queued).toMatchObject({ code: 202, mode: 'pr' });
  await eventually(() => runsOf(number)).toEqual(queued.runs);
  const bot = { author: 'renovate[bot]', authorType: 'Bot', repository: 'beta-org/service' } as const;
  const allowed = pullRequestPayload({ number: freshNumber(), ...bot });
  expect(await rig.deliver(allowed)).toMatchObject({ code: 202, mode: 'pr' });
});
