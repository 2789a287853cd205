/** The HTTP API: who may call it, what it refuses, and the runs it makes. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { phaseOf } from '../src/runs/run-phase.ts';
import { API_TOKEN, startRig, type Rig } from './orchestrator-rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await startRig();
});
afterAll(async () => rig[Symbol.asyncDispose]());

async function call(method: string, path: string, body?: unknown) {
  const response = await rig.call(method, path, body);
  const answer: Record<string, unknown> = JSON.parse(await response.text());
  return { code: response.status, type: response.headers.get('content-type')?.split(';')[0], answer };
}

async function paramsOf(name: unknown): Promise<Record<string, unknown>> {
  const run = (await rig.runs()).find(({ metadata }) => metadata.name === name);
  return Object.fromEntries((run?.spec.params ?? []).map(({ name, value }) => [name, value]));
}

describe('without a token', () => {
  it.each(['/api/stacks', '/api/runs', '/metrics'])('%s is closed', async (path) => {
    const response = await fetch(`${rig.url}${path}`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('no run can be made, and a wrong token is no token', async () => {
    for (const authorization of ['', 'Bearer wrong', 'Basic YTpi']) {
      const response = await fetch(`${rig.url}/api/bootstrap`, {
        method: 'POST',
        headers: { authorization },
      });
      expect(response.status).toBe(401);
    }
    expect(await rig.runs()).toEqual([]);
  });

  it('health is open', async () => {
    expect(await (await fetch(`${rig.url}/healthz`)).json()).toEqual({ status: 'ok' });
    const ready = async () => (await fetch(`${rig.url}/readyz`)).json();
    await eventually(ready).toEqual({ status: 'ok', stacks_loaded: 1, teams_loaded: 1 });
  });
});

it('lists the stacks with their apps and teams', async () => {
  expect((await call('GET', '/api/stacks')).answer).toEqual([
    {
      stack_file: 'stacks/stack-one.yaml',
      name: 'stack-one',
      description: null,
      apps: [
        { name: 'demo-fe', repo: 'acme/demo-fe', role: 'frontend' },
        { name: 'demo-api', repo: 'acme/demo-api', role: 'persistence' },
      ],
      teams: ['default'],
    },
  ]);
});

describe('POST /api/run', () => {
  it('makes a test run, without a mode too', async () => {
    const { code, answer } = await call('POST', '/api/run', {
      changed_app: 'demo-api',
      pr_number: '42',
      app_revisions: { 'demo-api': 'feature/ünï-1', 'demo-fe': 'b'.repeat(40) },
      version_overrides: { 'demo-fe': '1.2.3-rc.1' },
    });
    expect({ code, answer }).toMatchObject({ code: 200, answer: { status: 'created', mode: 'pr' } });
    expect(answer['pipelinerun']).toMatch(/^stack-pr-42-/);
    expect(await paramsOf(answer['pipelinerun'])).toMatchObject({
      'changed-app': 'demo-api',
      'pr-number': '42',
      'pr-repository': 'acme/demo-api',
      'app-revisions': JSON.stringify({ 'demo-api': 'feature/ünï-1', 'demo-fe': 'b'.repeat(40) }),
      'version-overrides': '{"demo-fe":"1.2.3-rc.1"}',
    });
  });

  it('makes a second run when it is asked again, and cancels the first', async () => {
    const body = { mode: 'pr', changed_app: 'demo-api', pr_number: 43 };
    const first = await call('POST', '/api/run', body);
    await eventually(() => phase(first.answer['pipelinerun'])).toBe('live');
    const second = await call('POST', '/api/run', body);
    expect(second.answer['pipelinerun']).not.toBe(first.answer['pipelinerun']);
    const cancelled = (await rig.runs()).find(
      ({ metadata }) => metadata.name === first.answer['pipelinerun'],
    );
    expect(cancelled?.spec.status).toBe('CancelledRunFinally');
  });

  it('makes a merge run', async () => {
    const { answer } = await call('POST', '/api/run', {
      mode: 'merge',
      changed_app: 'demo-api',
      pr_number: 44,
    });
    expect(answer).toMatchObject({ status: 'created', mode: 'merge' });
    expect(answer['pipelinerun']).toMatch(/^stack-merge-44-/);
  });

  it.each([
    ['an app that no stack has', { changed_app: 'nope', pr_number: 1 }, 'not-found'],
    [
      'a stack that no team has',
      { changed_app: 'demo-api', pr_number: 1, stack_file: 'stacks/other.yaml' },
      'not-allowed',
      403,
    ],
    [
      'a path out of the platform',
      { changed_app: 'demo-api', pr_number: 1, stack_file: '../../etc/passwd' },
      'not-allowed',
      403,
    ],
    ['another team', { changed_app: 'demo-api', pr_number: 1, team: 'nobody' }, 'not-found', 404],
    ['no app', { pr_number: 1 }, 'invalid-request'],
    ['no pull request', { changed_app: 'demo-api' }, 'invalid-request'],
    ['a pull request of zero', { changed_app: 'demo-api', pr_number: 0 }, 'invalid-request'],
    ['a pull request that is text', { changed_app: 'demo-api', pr_number: '1; id' }, 'invalid-request'],
    ['an unknown mode', { mode: 'deploy', changed_app: 'demo-api', pr_number: 1 }, 'invalid-request'],
    ['an unknown key', { changed_app: 'demo-api', pr_number: 1, sha: 'x' }, 'invalid-request'],
    [
      'a revision like an option',
      { changed_app: 'demo-api', pr_number: 1, app_revisions: { 'demo-api': '--upload-pack=x' } },
      'invalid-request',
    ],
    [
      'a revision with a newline',
      { changed_app: 'demo-api', pr_number: 1, app_revisions: { 'demo-api': 'a\nb' } },
      'invalid-request',
    ],
    [
      'a revision of a foreign app',
      { changed_app: 'demo-api', pr_number: 1, app_revisions: { other: 'main' } },
      'unknown-app',
    ],
  ])('refuses %s', async (_name, body, code, status = 400) => {
    const before = (await rig.runs()).length;
    const refused = await call('POST', '/api/run', body);
    expect(refused).toMatchObject({
      code: status,
      type: 'application/problem+json',
      answer: { status, code },
    });
    expect(await rig.runs()).toHaveLength(before);
  });

  it.each([
    ['git_url', 'https://evil.example.com/x'],
    ['git_revision', 'evil'],
    ['intercept_backend', 'mirrord'],
    ['image_registry', 'evil.example.com'],
  ])('refuses %s when it is not what the team file says', async (key, value) => {
    const refused = await call('POST', '/api/run', { changed_app: 'demo-api', pr_number: 1, [key]: value });
    expect(refused).toMatchObject({ code: 403, answer: { code: 'not-allowed' } });
    expect(JSON.stringify(refused.answer)).not.toContain(value);
  });

  it('refuses what is no JSON, too large or of another type', async () => {
    expect(await call('POST', '/api/run', '{"mode":')).toMatchObject({
      code: 400,
      answer: { code: 'not-json' },
    });
    expect(await call('POST', '/api/run', JSON.stringify('x'.repeat(300_000)))).toMatchObject({ code: 413 });
    const response = await fetch(`${rig.url}/api/run`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'text/plain' },
      body: 'x',
    });
    expect(response.status).toBe(415);
  });

  it('says so when the cluster refuses or is away', async () => {
    const body = { changed_app: 'demo-api', pr_number: 45 };
    rig.api.failNext({ status: 403, reason: 'Forbidden', method: 'POST', path: 'pipelineruns' });
    expect(await call('POST', '/api/run', body)).toMatchObject({
      code: 502,
      answer: { detail: 'Forbidden' },
    });
  });
});

describe('POST /api/bootstrap', () => {
  it('makes a run of all apps without a body', async () => {
    const { code, answer } = await call('POST', '/api/bootstrap');
    expect({ code, answer }).toMatchObject({ code: 200, answer: { status: 'created', mode: 'bootstrap' } });
    const params = await paramsOf(answer['pipelinerun']);
    expect(params).toMatchObject({
      apps: '',
      'force-rebuild': 'false',
      'stack-file': 'stacks/stack-one.yaml',
    });
    expect(params).not.toHaveProperty('changed-app');
  });

  it('takes apps and force-rebuild from the query or the body', async () => {
    const one = await call('POST', '/api/bootstrap?apps=demo-api,demo-fe&force-rebuild=true');
    expect(await paramsOf(one.answer['pipelinerun'])).toMatchObject({
      apps: 'demo-api,demo-fe',
      'force-rebuild': 'true',
    });
    const two = await call('POST', '/api/bootstrap', { apps: ['demo-api'], force_rebuild: true });
    expect(await paramsOf(two.answer['pipelinerun'])).toMatchObject({
      apps: 'demo-api',
      'force-rebuild': 'true',
    });
  });

  it('refuses an unknown app', async () => {
    expect(await call('POST', '/api/bootstrap?apps=demo-api,nope')).toMatchObject({
      code: 400,
      answer: { code: 'unknown-app', detail: 'stacks/stack-one.yaml has no app "nope"' },
    });
  });
});

it.each(['limit=0', 'limit=x', 'limit=100000'])('refuses GET /api/runs?%s', async (query) => {
  expect(await call('GET', `/api/runs?${query}`)).toMatchObject({
    code: 400,
    answer: { code: 'invalid-request' },
  });
});

it('answers an unknown path with problem details', async () => {
  expect(await call('GET', '/api/nothing')).toMatchObject({ code: 404, answer: { code: 'not-found' } });
});

async function phase(name: unknown): Promise<string | undefined> {
  const run = (await rig.runs()).find(({ metadata }) => metadata.name === name);
  return run === undefined ? undefined : phaseOf(run);
}
