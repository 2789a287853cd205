/** The steps of task test: real newman, real commands, real repositories. */

import { createServer, request as sendHttp } from 'node:http';
import { join } from 'node:path';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartSessionProxy } from '../src/step-context.ts';
import { createTempForge, runStepForTest, type StepRun, type TempForge } from '../src/testing/index.ts';
import { close, listen } from './listen.ts';
import { prepareEnv, pushStack, stackText } from './shop-stack.ts';
import { startFakeApp } from './start-fake-app.ts';
import { APPS, createStepRig, type StepRig } from './step-rig.ts';

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
