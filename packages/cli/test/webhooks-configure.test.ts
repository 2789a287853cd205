import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCliRig, kubeconfigFor, REPOSITORY, type CliOutcome, type CliRig } from './cli-rig.ts';
import { startFakeGitHub, type FakeGitHub, type FakeHook } from './fake-github.ts';
import { execFile } from 'node:child_process';

const TOKEN = 'ghp_token-of-the-test';
const SECRET = 'a-secret-of-the-test-0123456789';
const SECRETS = '/api/v1/namespaces/ci/secrets';
const URL_GIVEN = 'https://ci.example';
const ENDPOINT = 'https://ci.example/webhook/github';

const STACK = `name: shop
apps:
  - { name: web, repo: acme/web, role: frontend, build: { tool: none }, downstream: [api] }
  - { name: api, repo: acme/api, role: middleware, build: { tool: none }, downstream: [db] }
  - { name: db, repo: Acme/API, role: persistence, build: { tool: none } }
`;

let rig: CliRig;
let api: FakeApiServer;
let github: FakeGitHub;
let env: Record<string, string>;

beforeEach(async () => {
  rig = await createCliRig();
  api = await startFakeApiServer();
  github = await startFakeGitHub(TOKEN);
  const kubeconfig = await rig.file('kubeconfig', kubeconfigFor(api.url));
  env = { KUBECONFIG: kubeconfig, GITHUB_TOKEN: TOKEN, GITHUB_API_URL: github.url };
  await mkdir(join(rig.directory, 'stacks'));
  await rig.file('stacks/shop.yaml', STACK);
  await rig.file('secret', `${SECRET}\n`);
  for (const repository of ['acme/web', 'Acme/API']) github.hooks.set(repository, []);
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
});

/** By the script that people know, as a process. */
function configure(...args: string[]): Promise<CliOutcome> {
  const script = join(REPOSITORY, 'scripts/configure-github-webhooks.sh');
  const options = { cwd: rig.directory, env: { PATH: process.env['PATH'], HOME: rig.directory, ...env } };
  return new Promise((resolve) => {
    execFile(script, ['--url', URL_GIVEN, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const hook = (id: number, url: string, fields: Partial<FakeHook> = {}): FakeHook => ({
  id,
  active: true,
  events: ['pull_request', 'issue_comment', 'merge_group'],
  config: { url, content_type: 'json', insecure_ssl: '0' },
  ...fields,
});

const secretInCluster = (): unknown => {
  const data: unknown = api.get(SECRETS, 'github-webhook-secret')?.['data'];
  return typeof data === 'object' && data !== null && 'secret' in data ? data.secret : undefined;
};

describe('configure-github-webhooks.sh', () => {
  it('gives each repository one signed hook, and the cluster the secret, and tells nobody else', async () => {
    const done = await configure('--webhook-secret', 'secret', '--namespace', 'ci');
    expect(done, done.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toBe(
      'secret/github-webhook-secret in ci created\nAcme/API: webhook created\nacme/web: webhook created\n',
    );
    expect(github.hooks.get('acme/web')).toEqual([
      {
        id: 100,
        name: 'web',
        active: true,
        events: ['pull_request', 'issue_comment', 'merge_group'],
        config: { url: ENDPOINT, content_type: 'json', insecure_ssl: '0', secret: SECRET },
      },
    ]);
    expect(secretInCluster()).toBe(Buffer.from(SECRET).toString('base64'));
  });

  it('makes nothing twice, and uses the secret that the cluster has', async () => {
    await configure('--webhook-secret', 'secret');
    const again = await configure();
    expect(again.stdout).toBe(
      'Acme/API: webhook as wanted; its secret is set again\nacme/web: webhook as wanted; its secret is set again\n',
    );
    expect(github.hooks.get('acme/web')).toHaveLength(1);
    expect(github.hooks.get('acme/web')?.[0]?.config['secret']).toBe(SECRET);
  });

  it('makes a secret when there is none, and prints it nowhere', async () => {
    const done = await configure();
    const secret = github.hooks.get('acme/web')?.[0]?.config['secret'] ?? '';
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(secretInCluster()).toBe(Buffer.from(secret).toString('base64'));
    expect(done.stdout + done.stderr).not.toContain(secret);
    expect(done.stdout + done.stderr).not.toContain(TOKEN);
  });

  it('finds its hook on a later page, says what it changed, and names the ones too many', async () => {
    const others = [1, 2, 3].map((id) => hook(id, `https://other.example/${id}`));
    const old = hook(4, ENDPOINT, { events: ['push'], active: false });
    github.hooks.set('acme/web', [...others, old, hook(5, ENDPOINT)]);
    const done = await configure();
    expect(done.stdout).toContain(
      'acme/web: webhook updated (it is not active, its events are push); hooks 5 have the same URL: delete them\n',
    );
    expect(github.hooks.get('acme/web')).toHaveLength(5);
    expect(old).toMatchObject({ active: true, events: ['pull_request', 'issue_comment', 'merge_group'] });
  });

  it('with --dry-run only reads', async () => {
    github.hooks.set('acme/web', [hook(1, ENDPOINT, { events: ['push'] })]);
    const done = await configure('--dry-run');
    expect(done).toMatchObject({
      code: 0,
      stdout:
        'Acme/API: webhook would be created\nacme/web: webhook would be updated (its events are push)\n',
    });
    expect(github.requests.every((request) => request.startsWith('GET '))).toBe(true);
    expect(api.requests).toEqual([]);
  });

  it('does the others when one repository refuses, and exits 4', async () => {
    github.hooks.delete('Acme/API');
    const done = await configure();
    expect(done.code).toBe(4);
    expect(done.stderr).toMatch(/^error: Acme\/API: 404: there is no such repository, or the token may not/);
    expect(done.stdout).toContain('acme/web: webhook created\n');
  });

  it.each([
    ['a stack that is not there', ['--stack', 'ghost'], 3, 'cannot read stacks/ghost.yaml'],
    ['a secret given as itself', ['--webhook-secret', SECRET], 3, 'cannot read'],
    ['a short secret', ['--webhook-secret', 'short'], 3, 'can be guessed'],
    ['an API without TLS', ['--api-url', 'http://github.example'], 2, 'sent to https URLs only'],
  ])('refuses %s', async (_title, args, code, message) => {
    await rig.file('short', 'hunter2');
    const refused = await configure(...args);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toContain(message);
    expect(github.requests).toEqual([]);
  });

  it('asks for a token when there is none, and says when it is not valid', async () => {
    env = { ...env, GITHUB_TOKEN: 'wrong' };
    const wrong = await configure('--dry-run');
    expect(wrong).toMatchObject({ code: 4, stdout: '' });
    expect(wrong.stderr).toContain('401: the token is not valid');
    env = { ...env, GITHUB_TOKEN: '', PATH: '/usr/bin:/bin' };
    const none = await rig.run(['webhooks', 'configure', '--url', URL_GIVEN], { env: { ...env, PATH: '' } });
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('there is no GitHub token');
  });
});
