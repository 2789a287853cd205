import { startFakeApiServer, type FakeApiServer } from '@tekton-dag/kube/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCliRig, kubeconfigFor, REPOSITORY, type CliRig } from './cli-rig.ts';

let rig: CliRig;
let api: FakeApiServer;
let env: Record<string, string>;

beforeEach(async () => {
  rig = await createCliRig();
  api = await startFakeApiServer();
  env = { KUBECONFIG: await rig.file('kubeconfig', kubeconfigFor(api.url)) };
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const until = (text: () => string, part: string): Promise<void> =>
  expect.poll(text, { timeout: 40_000, interval: 10 }).toContain(part);

describe('tekton-dag serve', () => {
  it('names every bad setting at once and exits 3', async () => {
    const outcome = await rig.run(['serve'], {
      env: { ...env, TEKTON_DAG_LISTEN_PORT: 'x', TEKTON_DAG_TYPO: '1' },
    });
    expect(outcome).toMatchObject({ code: 3, stdout: '' });
    for (const key of ['TEKTON_DAG_LISTEN_PORT', 'TEKTON_DAG_TYPO', 'TEKTON_DAG_WEBHOOK_SECRET_FILE']) {
      expect(outcome.stderr).toContain(key);
    }
  });

  const settings = async (): Promise<Record<string, string>> => ({
    ...env,
    TEKTON_DAG_LISTEN_PORT: '0',
    TEKTON_DAG_PLATFORM_DIR: REPOSITORY,
    TEKTON_DAG_STORE_URL: `sqlite:${rig.directory}/store.sqlite`,
    TEKTON_DAG_WEBHOOK_SECRET_FILE: await rig.file('secret', 'a'.repeat(32)),
    TEKTON_DAG_API_TOKEN_FILE: await rig.file('token', 'b'.repeat(32)),
  });

  it.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('listens, answers, and ends in order on %s with %i', async (signal, code) => {
    const serve = rig.start(['serve'], { env: await settings() });
    await until(serve.stderr, 'The orchestrator listens on http://127.0.0.1:');
    const url = /listens on (\S+)\.\n/.exec(serve.stderr())?.[1] ?? '';
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    serve.child.kill(signal);
    expect(await serve.exited).toMatchObject({ code });
  });

  it('loads teams and stacks anew on SIGHUP, and goes on', async () => {
    const serve = rig.start(['serve'], { env: await settings() });
    await until(serve.stderr, 'The orchestrator listens on http://127.0.0.1:');
    serve.child.kill('SIGHUP');
    await until(serve.stderr, 'Reloaded (unchanged): 4 teams, 4 stacks.');
    serve.child.kill('SIGTERM');
    expect(await serve.exited).toMatchObject({ code: 0 });
  });

  it('exits 4 and says so when its port is taken', async () => {
    const port = new URL(api.url).port;
    const outcome = await rig.run(['serve'], {
      env: { ...(await settings()), TEKTON_DAG_LISTEN_PORT: port },
    });
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain(`address already in use 127.0.0.1:${port}`);
    expect(outcome.stderr).not.toContain('bug');
  });

  it('exits 3 when the store cannot be written', async () => {
    const store = `sqlite:${await rig.file('a-file', '')}/store.sqlite`;
    const outcome = await rig.run(['serve'], { env: { ...(await settings()), TEKTON_DAG_STORE_URL: store } });
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain('see TEKTON_DAG_STORE_URL');
  });
});

describe('tekton-dag router', () => {
  it('serves its namespace, and ends in order on SIGTERM with 0', async () => {
    const args = ['router', '--bind-address', '127.0.0.1', '--admin-port', '0', '-n', 'staging'];
    const router = rig.start(args, { env: { ...env, ROUTER_TOKEN: 'token' } });
    await until(router.stderr, 'The router serves namespace staging');
    const port = /admin port is (\d+)/.exec(router.stderr())?.[1] ?? '';
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    router.child.kill('SIGTERM');
    expect(await router.exited).toMatchObject({ code: 0 });
  });
});

describe('tekton-dag tap', () => {
  it.each([
    ['SIGTERM', 0],
    ['SIGINT', 130],
  ] as const)('serves, and ends in order on %s with %i', async (signal, code) => {
    const objects = await rig.file('tap.json', JSON.stringify({ services: [], httpRoutes: [] }));
    const args = ['tap', '--objects', objects, '--backend', 'web-pr-1', '--bind-address', '127.0.0.1'];
    const tap = rig.start([...args, '--admin-port', '0', '-n', 'staging'], {
      env: { ...env, ROUTER_TOKEN: 'token' },
    });
    await until(tap.stderr, 'The tap hands requests to Service staging/web-pr-1');
    tap.child.kill(signal);
    expect(await tap.exited).toMatchObject({ code });
  });
});

describe('tekton-dag step', () => {
  it('refuses params that are missing with exit code 3', async () => {
    const outcome = await rig.run(['step', 'prepare'], { env });
    expect(outcome).toMatchObject({ code: 3, stdout: '' });
    expect(outcome.stderr).toMatch(/^error\[/);
  });
});
