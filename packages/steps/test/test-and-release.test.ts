/** Steps test and release: real newman, real commands, real repositories, a real registry. */
import { createServer, request as sendHttp } from 'node:http';
import { join } from 'node:path';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { kinds } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartSessionProxy } from '../src/step-context.ts';
import { createTempForge, runStepForTest, type StepRun, type TempForge } from '../src/testing/index.ts';
import {
  APPS,
  close,
  createStepRig,
  listen,
  prepareEnv,
  pushStack,
  pushVersions,
  putImages,
  RUN,
  RUNS,
  stackText,
  startFakeApp,
  type StepRig,
} from './step-rig.ts';

let forge: TempForge;
beforeAll(async () => {
  forge = await createTempForge();
});
afterAll(async () => await forge[Symbol.asyncDispose]());

/** A proxy as the command line passes one in: adds headers, sends on. */
const startSessionProxy: StartSessionProxy = async ({ target, headers }) => {
  const server = createServer((incoming, outgoing) => {
    const onward = sendHttp(
      {
        host: target.hostname,
        port: target.port,
        path: incoming.url,
        headers: { ...incoming.headers, ...headers },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(onward);
  });
  await listen(server, 0, '127.0.0.1');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, close: async () => await close(server) };
};

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** The steps of task test in their common directory; the outcome of the last one that ran. */
const runTests = async (
  rig: StepRig,
  env: Record<string, string> = {},
  between: (directory: string) => Promise<void> = async () => {},
): Promise<StepRun> => {
  const cwd = await mkdtemp(join(tmpdir(), 'task-test-'));
  rig.defer(async () => await rm(cwd, { recursive: true }));
  const fetched = await rig.run('test-fetch', env, { cwd });
  if (fetched.code !== 0) return fetched;
  const ran = await runStepForTest('test-run', { env: { TRACEPARENT }, cwd, startSessionProxy });
  if (ran.code !== 0) return ran;
  await between(cwd);
  return await rig.run('test-report', env, { cwd });
};

const collection = (expected: number): string =>
  JSON.stringify({
    info: { name: 'api', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: [
      {
        name: 'answers',
        event: [
          {
            listen: 'test',
            script: {
              exec: [`pm.test('status is ${expected}', () => pm.response.to.have.status(${expected}));`],
            },
          },
        ],
        request: { method: 'GET', url: '{{baseUrl}}/hello' },
      },
    ],
  });

const withTests = (port: number, tests: string): string =>
  `${stackText({ web: port, mid: port, api: port }).trimEnd()}\n    tests: ${tests}\n`;

const arrange = async (
  rig: StepRig,
  tests: string,
): Promise<{ requests: { path: string; headers: object }[] }> => {
  const app = await startFakeApp(rig, () => ({}));
  await pushStack(rig, withTests(app.port, tests));
  expect(await rig.run('prepare', prepareEnv(rig))).toMatchObject({ code: 0 });
  for (const name of ['web', 'mid', 'api']) {
    rig.api.put(`/api/v1/namespaces/${APPS}/services`, {
      metadata: { name, namespace: APPS },
      spec: { clusterIP: '127.0.0.1', ports: [{ port: app.port }] },
    });
  }
  return app;
};

describe('test', () => {
  it("runs the app's Postman collection from the app's own repository, with the session on every request", async () => {
    await using rig = await createStepRig(forge);
    await forge.push('acme/api', { 'postman/collection.json': collection(200) });
    const app = await arrange(rig, '{ postman: postman/collection.json }');
    const run = await runTests(rig);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(rig.record('tests.json')).toMatchObject({
      verdict: 'passed',
      results: [{ app: 'api', kind: 'postman', outcome: 'passed', tests: 1, failures: 0 }],
    });
    expect(rig.record('junit-api.xml')).toContain('<testsuites');
    expect(app.requests[0]).toMatchObject({
      path: '/hello',
      headers: {
        'x-dev-session': expect.stringMatching(/^pr-42-/),
        baggage: expect.stringContaining('dev-session=pr-42-'),
      },
    });
  });

  it('fails with the names of the cases that failed', async () => {
    await using rig = await createStepRig(forge);
    await forge.push('acme/api', { 'postman/collection.json': collection(418) });
    await arrange(rig, '{ postman: postman/collection.json }');
    const run = await runTests(rig);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/api postman: .*status is 418/);
    expect(rig.record('tests.json')).toMatchObject({ verdict: 'failed', results: [{ failures: 1 }] });
  });

  it('fails when a test file is missing, and skips it when it is optional', async () => {
    await using rig = await createStepRig(forge);
    await arrange(rig, '{ postman: nowhere.json }');
    const run = await runTests(rig);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('nowhere.json does not exist') });
    await arrange(rig, '{ postman: nowhere.json, optional: true }');
    expect(await runTests(rig)).toMatchObject({ code: 0 });
    expect(rig.record('tests.json')).toMatchObject({ results: [{ outcome: 'skipped' }] });
  });

  it('runs any command with the proxy as BASE_URL and without the credentials of the step', async () => {
    await using rig = await createStepRig(forge);
    const seen = join(forge.directory, 'seen.json');
    const script = `
      const { writeFileSync } = require('node:fs');
      fetch(process.env.BASE_URL + "/cmd").then(() => {
        writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ argv: process.argv.slice(2), env: process.env }));
        writeFileSync(process.env.JUNIT_FILE, '<testsuite name="s"><testcase name="a"/><testcase name="b"/></testsuite>');
      });`;
    await forge.push('acme/api', { 'check.cjs': script });
    const command = JSON.stringify([process.execPath, 'check.cjs', "it's $(touch pwned)", 'ünï']);
    const app = await arrange(rig, `{ command: ${command} }`);
    const run = await runTests(rig, { KUBECONFIG: '/secret/kubeconfig' });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(app.requests[0]).toMatchObject({
      path: '/cmd',
      headers: { 'x-dev-session': expect.stringMatching(/^pr-42-/) },
    });
    expect(rig.record('tests.json')).toMatchObject({
      results: [{ kind: 'command', tests: 2, outcome: 'passed' }],
    });
    const { readFile } = await import('node:fs/promises');
    const told: unknown = JSON.parse(await readFile(seen, 'utf8'));
    expect(told).toMatchObject({
      argv: ["it's $(touch pwned)", 'ünï'],
      env: { SESSION_HEADER: 'x-dev-session', TRACEPARENT },
    });
    expect(JSON.stringify(told)).not.toContain('kubeconfig');
  });

  it('follows no link that the tests left in the place of their outcome, and quotes nothing of it', async () => {
    await using rig = await createStepRig(forge);
    await arrange(rig, '{ postman: nowhere.json }');
    const run = await runTests(rig, {}, async (directory) => {
      await writeFile(join(directory, 'token'), 'eyJhbGci.secret');
      await rm(join(directory, 'tests', 'outcome.json'));
      await symlink(join(directory, 'token'), join(directory, 'tests', 'outcome.json'));
    });
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('TEST_OUTCOME_INVALID') });
    expect(run.stderr).not.toContain('eyJ');
    expect(rig.record('tests.json')).toBeUndefined();
  });

  it('lets the tests write no key of the run record but their own', async () => {
    await using rig = await createStepRig(forge);
    await arrange(rig, '{ postman: nowhere.json, optional: true }');
    const forged = { results: [], reports: { 'junit-api.xml': '<testsuite/>', 'plan.json': '{}' } };
    const before = rig.record('plan.json');
    const run = await runTests(rig, {}, (directory) =>
      writeFile(join(directory, 'tests', 'outcome.json'), JSON.stringify(forged)),
    );
    expect(run).toMatchObject({ code: 0 });
    expect(rig.record('junit-api.xml')).toBe('<testsuite/>');
    expect(rig.record('plan.json')).toEqual(before);
  });
});

describe('release', () => {
  const MERGE = { MODE: 'merge' };
  const env = (rig: StepRig): Record<string, string> => ({
    GIT_URL: rig.forge.urlOf('acme/platform'),
    GIT_REVISION: 'main',
    VERSIONS_FILE: 'stacks/versions.yaml',
    VERSION_OVERRIDES: '{}',
  });
  const arrangeMerge = async (rig: StepRig, sha: string): Promise<string> => {
    const revisions = { APP_REVISIONS: JSON.stringify({ api: sha }) };
    expect(await rig.run('prepare', prepareEnv(rig, { ...MERGE, ...revisions }))).toMatchObject({ code: 0 });
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, annotations: { sha } }));
    const digest = rig.registry.seedManifest(
      'team/api',
      'c-x',
      bytes,
      'application/vnd.oci.image.manifest.v1+json',
    );
    await putImages(rig, ['api'], digest);
    return digest;
  };
  const versionsAt = async (rig: StepRig): Promise<string> =>
    await rig.forge.git(
      ['--git-dir', rig.forge.urlOf('acme/platform').slice(7), 'show', 'main:stacks/versions.yaml'],
      '/',
    );

  it('pushes the version commit, tags by digest, and releases nothing twice', async () => {
    await using rig = await createStepRig(forge);
    await pushStack(rig);
    await pushVersions(rig);
    const sha = await forge.push('acme/api', { 'a.txt': 'merged' });
    const digest = await arrangeMerge(rig, sha);
    expect(await rig.run('release', env(rig))).toMatchObject({ code: 0, stderr: '' });
    expect(rig.registry.manifest('team/api', 'v0.3.0')?.digest).toBe(digest);
    expect(rig.record('release.json')).toMatchObject({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      apps: { api: { released: '0.3.0', next: '0.3.1-rc.0', digest } },
    });
    const text = await versionsAt(rig);
    expect(text).toContain('0.3.1-rc.0');
    expect(text).toContain('# kept');

    expect(await rig.run('release', env(rig))).toMatchObject({ code: 0 });
    expect(await versionsAt(rig)).toBe(text);
    expect(rig.record('release.json')).not.toHaveProperty('commit');
    expect(rig.record('release.json')).toMatchObject({ apps: { api: { released: '0.3.0' } } });
  });

  it('begins anew when someone else pushes first, so that both releases are there', async () => {
    await using one = await createStepRig(forge);
    await using two = await createStepRig(forge);
    await pushStack(one);
    await pushVersions(one);
    const first = await forge.push('acme/api', { 'a.txt': 'first' });
    const second = await forge.push('acme/api', { 'a.txt': 'second' });
    await arrangeMerge(one, first);
    await arrangeMerge(two, second);
    const runs = await Promise.all([one.run('release', env(one)), two.run('release', env(two))]);
    expect(runs).toMatchObject([{ code: 0 }, { code: 0 }]);
    const released = [one, two].map(
      (rig) => /"released":"([^"]+)"/.exec(JSON.stringify(rig.record('release.json')))?.[1],
    );
    expect(new Set(released)).toEqual(new Set(['0.3.0', '0.3.1']));
    expect(await versionsAt(one)).toContain('0.3.2-rc.0');
  });

  it('refuses to move a version tag that names another image', async () => {
    await using rig = await createStepRig(forge);
    await forge.push('acme/platform', { 'stacks/versions.yaml': 'apps:\n  api: { version: 5.0.0-rc.0 }\n' });
    const sha = await forge.push('acme/api', { 'a.txt': 'third' });
    rig.registry.seedManifest('team/api', 'v5.0.0', Buffer.from('{"schemaVersion":2}'), 'x/y');
    await arrangeMerge(rig, sha);
    const run = await rig.run('release', env(rig));
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/team\/api:v5\.0\.0 is sha256:\w+ already/),
    });
  });

  it('honours version-overrides', async () => {
    await using rig = await createStepRig(forge);
    const sha = await forge.push('acme/api', { 'a.txt': 'fourth' });
    await arrangeMerge(rig, sha);
    const overrides = { VERSION_OVERRIDES: '{"api":"9.1.0-rc.0"}' };
    expect(await rig.run('release', { ...env(rig), ...overrides })).toMatchObject({ code: 0 });
    expect(rig.registry.tags('team/api')).toContain('v9.1.0');
  });
});

describe('a step', () => {
  it('says which part of the run record is missing', async () => {
    await using rig = await createStepRig(forge);
    const run = await rig.run('deploy-baseline');
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`run record ${RUNS}/${RUN} has no plan.json`),
    });
  });

  it('ends with 4 when the Kubernetes API cannot be reached, and with 2 for an unknown name', async () => {
    await using rig = await createStepRig(forge);
    const kubeconfig = join(forge.directory, 'kubeconfig');
    await writeFile(
      kubeconfig,
      'apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{ name: x, context: { cluster: x, user: x } }]\n' +
        'clusters: [{ name: x, cluster: { server: "http://127.0.0.1:1" } }]\nusers: [{ name: x, user: {} }]\n',
    );
    const { runStepForTest } = await import('../src/testing/index.ts');
    const env = { RUN_NAME: RUN, RUN_NAMESPACE: RUNS, KUBECONFIG: kubeconfig, TEKTON_DAG_IMAGE: 'x' };
    expect(await runStepForTest('deploy-baseline', { env })).toMatchObject({ code: 4 });
    expect(await runStepForTest('nothing', { env })).toMatchObject({ code: 2 });
    expect(await rig.client.resource(kinds.configmaps, RUNS).get('none')).toBeUndefined();
  });
});
