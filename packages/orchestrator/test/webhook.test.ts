/** The webhook: who is let in, what is answered, and which runs there are afterwards. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { pullRequestPayload, signDelivery } from '../src/testing/index.ts';
import { NEXT_SECRET, readAnswer, startRig, WEBHOOK_SECRET, type Rig } from './orchestrator-rig.ts';

let rig: Rig;
let nextPullRequest = 100;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => rig[Symbol.asyncDispose]());

const freshNumber = (): number => nextPullRequest++;

async function runNames(): Promise<readonly string[]> {
  return (await rig.runs()).map(({ metadata }) => metadata.name ?? '');
}

describe('a signed pull_request delivery', () => {
  it('becomes one PipelineRun whose name the answer tells', async () => {
    const number = freshNumber();
    const answer = await rig.deliver(pullRequestPayload({ number }), { id: 'delivery-one' });
    expect(answer).toMatchObject({ code: 202, status: 'accepted', mode: 'pr', delivery: 'delivery-one' });
    expect(answer.runs).toEqual([answer.pipelinerun]);
    expect(answer.pipelinerun).toMatch(new RegExp(`^stack-pr-${number}-[a-z0-9]{8}$`));
    await eventually(runNames).toContain(answer.pipelinerun);
    const run = (await rig.runs()).find(({ metadata }) => metadata.name === answer.pipelinerun);
    expect(run?.metadata.labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'tekton-dag',
      'tekton-dag.io/team': 'default',
      'tekton-dag.io/stack': 'stack-one',
      'tekton-dag.io/app': 'demo-api',
      'tekton-dag.io/mode': 'pr',
      'tekton-dag.io/pull-request': String(number),
      'tekton-dag.io/repository': 'acme.demo-api',
    });
    expect(run?.metadata.labels?.['tekton-dag.io/session']).toMatch(new RegExp(`^pr-${number}-`));
    expect(run?.metadata.annotations).toMatchObject({ 'tekton-dag.io/delivery': 'delivery-one' });
    const params = Object.fromEntries((run?.spec.params ?? []).map(({ name, value }) => [name, value]));
    expect(params).toMatchObject({
      'app-revisions': JSON.stringify({ 'demo-api': 'a'.repeat(40) }),
      'changed-app': 'demo-api',
      'default-namespace': 'staging',
      'git-url': 'https://github.com/acme/platform',
      'git-revision': 'main',
      'image-registry': 'registry.example.com/acme',
      'intercept-backend': 'gateway',
      'pr-number': String(number),
      'pr-repository': 'acme/demo-api',
      'stack-file': 'stacks/stack-one.yaml',
      team: 'default',
    });
  });

  it('is answered alike when it comes again, and makes no second run', async () => {
    const number = freshNumber();
    const first = await rig.deliver(pullRequestPayload({ number }), { id: 'twice' });
    const again = await Promise.all(
      [1, 2, 3].map(() => rig.deliver(pullRequestPayload({ number }), { id: 'twice' })),
    );
    for (const answer of again) {
      expect(answer).toEqual({ ...first, code: 200, status: 'duplicate' });
    }
    await eventually(runNames).toContain(first.pipelinerun);
    expect((await runNames()).filter((name) => name.startsWith(`stack-pr-${number}-`))).toHaveLength(1);
  });

  it('is refused when its id came before with another body', async () => {
    const number = freshNumber();
    await rig.deliver(pullRequestPayload({ number }), { id: 'reused' });
    const answer = await rig.deliver(pullRequestPayload({ number: freshNumber() }), { id: 'reused' });
    expect(answer).toMatchObject({ code: 409 });
    expect((await runNames()).some((name) => name.startsWith(`stack-pr-${number + 1}-`))).toBe(false);
  });

  it('gives one run when two hooks tell of one event with different ids', async () => {
    const number = freshNumber();
    const [one, two] = await Promise.all([
      rig.deliver(pullRequestPayload({ number })),
      rig.deliver(pullRequestPayload({ number })),
    ]);
    expect(two.runs).toEqual(one.runs);
    await eventually(runNames).toContain(one.pipelinerun);
    expect((await runNames()).filter((name) => name.startsWith(`stack-pr-${number}-`))).toHaveLength(1);
  });

  it('counts with either of the two live secrets', async () => {
    const delivery = signDelivery(pullRequestPayload({ number: freshNumber() }), { secret: NEXT_SECRET });
    expect((await rig.send(delivery)).status).toBe(202);
  });

  it('carries hostile text unchanged as data', async () => {
    const number = freshNumber();
    const hostile = `"; $(touch pwned) \`id\` ' \n ünï 漢 \u2028`;
    const payload = pullRequestPayload({ number, title: hostile, headRef: hostile, author: hostile });
    const answer = await rig.deliver(payload);
    expect(answer).toMatchObject({ code: 202 });
    await eventually(runNames).toContain(answer.pipelinerun);
  });
});

describe('a request that is no delivery', () => {
  const post = (headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
    fetch(`${rig.url}/webhook/github`, { method: 'POST', headers, body });

  const signed = (payload: object | string | Uint8Array, event = 'pull_request') => {
    const { headers, body } = signDelivery(payload, { secret: WEBHOOK_SECRET, event });
    return { headers: { ...headers }, body: new Uint8Array(body) };
  };

  it('is refused without a signature', async () => {
    const { headers, body } = signed(pullRequestPayload());
    const { 'x-hub-signature-256': _signature, ...unsigned } = headers;
    const response = await post(unsigned, body);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 401, code: 'signature' });
  });

  it.each([
    ['of another secret', (good: string) => good.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['that is cut short', (good: string) => good.slice(0, -2)],
    ['with another algorithm', (good: string) => good.replace('sha256=', 'sha1=')],
    ['that is empty', () => ''],
    ['that is huge', (good: string) => good + 'a'.repeat(4_000)],
  ])('is refused with a signature %s', async (_name, spoil) => {
    const { headers, body } = signed(pullRequestPayload());
    const response = await post(
      { ...headers, 'x-hub-signature-256': spoil(headers['x-hub-signature-256'] ?? '') },
      body,
    );
    expect(response.status).toBe(401);
  });

  it('is refused when one byte of the body was changed after signing', async () => {
    const { headers, body } = signed(pullRequestPayload());
    body[body.length - 2] = 0x20;
    expect((await post(headers, body)).status).toBe(401);
  });

  it('is refused before its signature is looked at when it is too large', async () => {
    const { headers, body } = signed('x'.repeat(200 * 1024));
    const response = await post(headers, body);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body-too-large' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'is refused with content type %s',
    async (type) => {
      const { headers, body } = signed(pullRequestPayload());
      expect((await post({ ...headers, 'content-type': type }, body)).status).toBe(415);
    },
  );

  it.each([
    ['broken JSON', '{"action": "opened",'],
    ['an empty body', ''],
    ['bytes that are not UTF-8', new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
  ])('is refused when it is signed but holds %s', async (_name, payload) => {
    const { headers, body } = signed(payload);
    const response = await post(headers, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'payload-not-json' });
  });

  it.each([
    ['a SHA that is no SHA', { headSha: `$(id)'"` }],
    ['the zero SHA', { headSha: '0'.repeat(40) }],
    ['a repository with a path in it', { repository: '../../etc/passwd' }],
    ['a number below one', { number: 0 }],
    ['a merge without a merge commit', { action: 'closed', merged: true, mergeSha: null }],
  ])('is refused when its payload has %s', async (_name, fields) => {
    const answer = await rig.deliver(pullRequestPayload(fields));
    expect(answer).toMatchObject({ code: 400 });
  });

  it.each([
    ['x-github-delivery', ''],
    ['x-github-delivery', '../../x'],
    ['x-github-event', ''],
    ['x-github-event', 'pull request'],
  ])('is refused when %s is %j', async (name, value) => {
    const { headers, body } = signed(pullRequestPayload());
    const response = await post({ ...headers, [name]: value }, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'headers' });
  });

  it('leaves nothing but a counter', async () => {
    const before = (await runNames()).length;
    const { headers, body } = signed(pullRequestPayload({ number: freshNumber() }));
    await post({ ...headers, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, body);
    const metrics = await (await rig.call('GET', '/metrics')).text();
    expect(metrics).toMatch(/tekton_dag_deliveries_total\{outcome="refused",reason="signature"\} [1-9]/);
    expect(metrics).not.toContain(headers['x-github-delivery']);
    expect(await runNames()).toHaveLength(before);
  });
});

describe('a delivery that leads to nothing', () => {
  it.each([
    ['another event', 'event', {}, 'issues'],
    ['a ping', 'event', {}, 'ping'],
    ['another action', 'action', { action: 'labeled' }, 'pull_request'],
    ['an unknown repository', 'unknown-repository', { repository: 'acme/elsewhere' }, 'pull_request'],
    [
      'the same name with another owner',
      'unknown-repository',
      { repository: 'evil/demo-api' },
      'pull_request',
    ],
    ['another base branch', 'base-branch', { baseRef: 'release-1.x' }, 'pull_request'],
    ['a fork', 'fork', { headRepository: 'mallory/demo-api' }, 'pull_request'],
    ['a head repository that is gone', 'fork', { headRepository: null }, 'pull_request'],
  ])('%s is ignored for the reason %s', async (_name, reason, fields, event) => {
    const number = freshNumber();
    const answer = await rig.deliver(pullRequestPayload({ number, ...fields }), { event });
    expect(answer).toMatchObject({ code: 200, status: 'ignored', reason });
    expect((await runNames()).filter((name) => name.startsWith(`stack-pr-${number}-`))).toEqual([]);
  });
});

it('answers webhooks alike for a repository in other letters', async () => {
  const answer = await readAnswer(
    await rig.send(
      signDelivery(pullRequestPayload({ number: freshNumber(), repository: 'ACME/Demo-API' }), {
        secret: WEBHOOK_SECRET,
      }),
    ),
  );
  expect(answer).toMatchObject({ status: 'accepted' });
});
