/** `webhook list|show|explain|replay`: the real command against a real `tekton-dag serve`. */

import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { pullRequestPayload, signDelivery, type PullRequestFields } from '@tekton-dag/orchestrator/testing';
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCliRig, kubeconfigFor, type CliOutcome, type CliRig } from './cli-rig.ts';

const SECRET = 'a webhook secret of some length';
const ADMIN_TOKEN = 'the-token-of-the-admin';
const VIEWER_TOKEN = 'the-token-of-a-viewer';

const STACK = `name: shop
apps:
  - { name: api, repo: acme/api, role: persistence, build: { tool: npm } }
`;
const TEAM = `name: shop
namespace: shop-runs
imageRegistry: registry.example.com/shop
stacks: [stacks/shop.yaml]
gitUrl: https://github.com/acme/platform
`;

let rig: CliRig;
let api: FakeApiServer;
let url: string;

beforeAll(async () => {
  rig = await createCliRig();
  api = await startFakeApiServer();
  url = await serve();
  await deliver('opened-1', { repository: 'acme/api', number: 1 });
  await deliver('fork-1', { repository: 'acme/api', number: 2, headRepository: 'stranger/api' });
  await deliver('elsewhere-1', { repository: 'other/api', number: 3 });
  // Each is decided when its turn comes, which the answer to its sender does not wait for.
  const decided = [/^opened-1 .* done +test /m, /^fork-1 .* fork /m, /^elsewhere-1 .* unknown-repository /m];
  await vi.waitFor(
    async () => {
      const { stdout } = await webhook('list');
      for (const line of decided) expect(stdout).toMatch(line);
    },
    { timeout: 240_000 },
  );
}, 300_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

async function write(name: string, text: string): Promise<string> {
  await mkdir(dirname(join(rig.directory, name)), { recursive: true });
  return rig.file(name, text);
}

async function serve(): Promise<string> {
  await write('platform/stacks/shop.yaml', STACK);
  await write('platform/teams/shop/team.yaml', TEAM);
  const sha256 = createHash('sha256').update(VIEWER_TOKEN).digest('hex');
  await rig.file('viewer', VIEWER_TOKEN);
  const process = rig.start(['serve', '--kubeconfig', await write('kubeconfig', kubeconfigFor(api.url))], {
    env: {
      TEKTON_DAG_LISTEN_PORT: '0',
      TEKTON_DAG_LOG_LEVEL: 'silent',
      TEKTON_DAG_PLATFORM_DIR: join(rig.directory, 'platform'),
      TEKTON_DAG_STORE_URL: `sqlite:${join(rig.directory, 'store.sqlite')}`,
      TEKTON_DAG_WEBHOOK_SECRET_FILE: await write('secret', SECRET),
      TEKTON_DAG_API_TOKEN_FILE: await write('admin', ADMIN_TOKEN),
      TEKTON_DAG_API_TOKENS_FILE: await write(
        'tokens.json',
        JSON.stringify([{ name: 'viewer', sha256, access: { shop: 'viewer' } }]),
      ),
    },
  });
  return vi.waitFor(
    () => {
      const [, found] = /listens on (http:\/\/\S+?)\.?$/m.exec(process.stderr()) ?? [];
      expect(found, process.stderr()).toBeDefined();
      return found ?? '';
    },
    { timeout: 120_000 },
  );
}

async function deliver(id: string, fields: PullRequestFields): Promise<void> {
  const { headers, body } = signDelivery(pullRequestPayload(fields), { secret: SECRET, id });
  const answer = await fetch(`${url}/webhook/github`, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
  expect(answer.ok).toBe(true);
}

async function webhook(...args: readonly string[]): Promise<CliOutcome> {
  const env = { TEKTON_DAG_SERVER: url, TEKTON_DAG_TOKEN_FILE: join(rig.directory, 'admin') };
  return rig.run(['webhook', ...args], { env });
}

const columnsOf = (line = ''): readonly string[] => line.split(/ {3,}/);

describe('webhook list', () => {
  it('shows what came and what was decided, newest first', async () => {
    const { code, stdout } = await webhook('list');
    const [headings, ...rows] = stdout.trimEnd().split('\n').map(columnsOf);
    expect(code).toBe(0);
    expect(headings).toEqual(['ID', 'EVENT', 'SUBJECT', 'STATE', 'DECISION', 'RUNS', 'AGE']);
    expect(rows.map((row) => row.slice(0, 5).join(' ')).sort()).toEqual([
      expect.stringMatching(/^elsewhere-1 pull_request\.opened other\/api#3 \w+ unknown-repository$/),
      expect.stringMatching(/^fork-1 pull_request\.opened acme\/api#2 \w+ fork$/),
      'opened-1 pull_request.opened acme/api#1 done test',
    ]);
    expect(rows.find(([id]) => id === 'opened-1')?.[5]).toMatch(/^stack-pr-1-/);
  });

  it('narrows, and gives JSON, YAML and names', async () => {
    const json = await webhook('list', '--repository', 'other/api', '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'List', items: [{ id: 'elsewhere-1' }] });
    expect((await webhook('list', '--limit', '1', '-o', 'name')).stdout).toMatch(/^github\.com\/\S+\n$/);
    expect((await webhook('list', '--repository', 'acme/api', '-o', 'yaml')).stdout).toContain(
      'id: opened-1',
    );
    const none = await webhook('list', '--event', 'push');
    expect(none).toEqual({ code: 0, stdout: '', stderr: 'No deliveries found.\n' });
  });

  it('reads page after page', async () => {
    const { stdout } = await webhook('list', '--limit', '3', '-o', 'name');
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('shows a team what concerns it', async () => {
    const { stdout } = await webhook('list', '--token-file', join(rig.directory, 'viewer'), '-o', 'name');
    expect(stdout).toContain('opened-1');
    expect(stdout).not.toContain('elsewhere-1');
  });
});

describe('webhook show', () => {
  it('shows a delivery and its targets', async () => {
    const { code, stdout } = await webhook('show', 'opened-1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Delivery: +github\.com\/opened-1\nEvent: +pull_request opened\n/);
    expect(stdout).toMatch(/^Decision: +test of a{40}$/m);
    expect(stdout).toMatch(/^TEAM +STACK +APPS +RUN\nshop +shop +api +stack-pr-1-\w+$/m);
  });

  it('takes the host with the id', async () => {
    const { stdout } = await webhook('show', 'github.com/opened-1', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ host: 'github.com', id: 'opened-1', state: 'done' });
  });

  it('says that there is none', async () => {
    const outcome = await webhook('show', 'nope');
    expect(outcome).toEqual({ code: 3, stdout: '', stderr: 'error: 404 There is no such thing\n' });
  });
});

describe('webhook explain', () => {
  it('says why an app got its run', async () => {
    const { code, stdout } = await webhook('explain', 'opened-1');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^It led to one run\.\n\nTEAM +STACK +APP +RUN +WHY\nshop +shop +api +stack-pr-1-/,
    );
  });

  it('says why it got none', async () => {
    expect((await webhook('explain', 'fork-1')).stdout).toMatch(/^No run: .*fork.*\n/);
    expect((await webhook('explain', 'elsewhere-1')).stdout).toMatch(
      /its repository is github\.com\/acme\/api, not github\.com\/other\/api/,
    );
  });
});

describe('webhook replay', () => {
  it('makes no second run, and a new one when forced', async () => {
    const again = await webhook('replay', 'opened-1');
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/^delivery github\.com\/opened-1~replay-1 accepted: stack-pr-1-\w+\n$/);
    const forced = await webhook('replay', 'opened-1', '--force', '-o', 'json');
    const answer: { delivery: string; runs: string[] } = JSON.parse(forced.stdout);
    expect(answer.delivery).toBe('opened-1~replay-2');
    expect(again.stdout).not.toContain(answer.runs[0]);
  });

  it('is refused to a viewer', async () => {
    const refused = await webhook('replay', 'opened-1', '--token-file', join(rig.directory, 'viewer'));
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('403 You may not do this');
  });
});

describe('without an orchestrator to ask', () => {
  it.each([
    ['no server', { TEKTON_DAG_TOKEN_FILE: 'admin' }, 2, 'which orchestrator?'],
    ['no token', { TEKTON_DAG_SERVER: 'https://x.example.com' }, 2, 'no token'],
    [
      'no https',
      { TEKTON_DAG_SERVER: 'http://x.example.com', TEKTON_DAG_TOKEN_FILE: 'admin' },
      2,
      'https URLs only',
    ],
    [
      'nobody there',
      { TEKTON_DAG_SERVER: 'http://127.0.0.1:1', TEKTON_DAG_TOKEN_FILE: 'admin' },
      4,
      'cannot be reached',
    ],
  ])('%s is said', async (_what, env, code, text) => {
    const outcome = await rig.run(['webhook', 'list'], { env });
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(text);
    expect(outcome.stderr).not.toContain(ADMIN_TOKEN);
  });
});

describe('the commands of docs/api.md', () => {
  it('work as they stand there', async () => {
    const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8');
    const [, block = ''] = /^```sh\n([\s\S]*?)^```/m.exec(page) ?? [];
    const [settings = '', ...commands] = block.trim().split('\n');
    expect(settings).toMatch(/^export TEKTON_DAG_SERVER=\S+ TEKTON_DAG_TOKEN_FILE=\S+$/);
    expect(commands.length).toBeGreaterThan(2);
    for (const command of commands) {
      const [program, ...args] = command.replace(/[0-9a-f]{8}-[0-9a-f-]{27}$/, 'opened-1').split(' ');
      expect(program).toBe('tekton-dag');
      const { code, stderr } = await webhook(...args.slice(1));
      expect([command, code, stderr]).toEqual([command, 0, expect.any(String)]);
    }
  });
});
