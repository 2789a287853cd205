/** From the pull request's pods to the verdict: pods that do not come up, tests that are missing or fail, hooks, reports. */

import { kinds } from '@tekton-dag/kube';
import { LABEL, parseTests, type Task, type TestsVerdict } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunOutcome } from './rig/run-outcome.ts';
import { createStackRig, RUN_NAMESPACE, type StackRig } from './rig/stack-rig.ts';
import { patience } from './rig/patience.ts';

vi.setConfig(patience);

let rig: StackRig;
let sha = '';

/** One request that gets an answer, and one expectation of it that does not hold. */
const collection = {
  info: { name: 'red', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [
    {
      name: 'asks',
      request: { method: 'GET', url: '{{baseUrl}}/' },
      event: [
        {
          listen: 'test',
          script: {
            exec: [
              "pm.test('is the version of the pull request', () => pm.expect(pm.response.json().version).to.eql('2'));",
              "pm.test('is a teapot', () => pm.response.to.have.status(418));",
            ],
          },
        },
      ],
    },
  ],
};

beforeAll(async () => {
  rig = await createStackRig();
  await rig.pushApp('red', { 'red.json': JSON.stringify(collection) });
  for (const app of ['gone', 'lenient']) await rig.pushApp(app);
  const command = ['node', 'steered-program.ts', rig.steering.address, 'command'];
  await rig.writeStack({
    name: 'tested',
    apps: {
      red: { tests: { postman: 'red.json', command } },
      gone: { tests: { postman: 'nowhere.json' } },
      lenient: { tests: { postman: 'nowhere.json', optional: true } },
    },
  });
  expect(await rig.run('bootstrap', 'tested')).toMatchObject({ succeeded: true });
  sha = await rig.pushApp('red', { 'behaviour.json': '{"version":"2"}' }, 'two');
});
afterAll(async () => {
  expect(await rig.end()).toEqual([]);
});

const pullRequest = (number: number): string[] => ['--app', 'red', '--pr', String(number), '--sha', sha];

async function logsOf(run: string): Promise<string> {
  return (await rig.cli('run', 'logs', run, '--namespace', RUN_NAMESPACE)).stdout;
}

function verdictOf({ record }: RunOutcome): TestsVerdict {
  const parsed = parseTests(record['tests.json'] ?? '');
  if (!parsed.ok) throw new Error('the run record has no tests.json');
  return parsed.value;
}

describe.concurrent('tests of apps', () => {
  it('fail the run when one fails or its file is missing; all are named, and JUnit reports are kept', async () => {
    const run = await rig.createRun('pr', 'tested', ...pullRequest(5));
    const command = await rig.steering.next('command');
    command.print('comparing with yesterday');
    await command.exit(3);
    const outcome = await rig.finish(run);
    expect(outcome).toMatchObject({ succeeded: false, reason: 'Failed' });
    const { verdict, results } = verdictOf(outcome);
    expect(verdict).toBe('failed');
    const told = results.map(({ app, kind, outcome: how }) => `${app} ${kind} ${how}`).sort();
    expect(told).toEqual([
      'gone postman failed',
      'lenient postman skipped',
      'red command failed',
      'red postman failed',
    ]);
    const postman = results.find(({ app, kind }) => app === 'red' && kind === 'postman');
    expect(postman).toMatchObject({ tests: 2, failures: 1 });
    expect(outcome.record['junit-red.xml']).toMatch(/<testsuite[^>]* tests="2" failures="1"/);
    const said = await logsOf(run);
    expect(said).toContain('red | comparing with yesterday');
    expect(said).toMatch(/error\[TESTS_FAILED\]: 3 test program\(s\) failed: .*nowhere\.json does not exist/);
    expect(said).toContain('is a teapot');
    expect(said).toContain('red command: exit code 3');
  });

  it('do not run when the hook before them fails', async () => {
    const refuse: Task = {
      apiVersion: 'tekton.dev/v1',
      kind: 'Task',
      metadata: { name: 'refuse', namespace: RUN_NAMESPACE },
      spec: {
        params: [{ name: 'run-name' }],
        steps: [{ name: 'say', image: 'busybox', command: ['sh', '-c', 'echo the moon is wrong; exit 1'] }],
      },
    };
    await rig.cluster.client.resource<Task>(kinds.tasks, RUN_NAMESPACE).create(refuse);
    const run = await rig.createRun('pr', 'tested', ...pullRequest(6), '--param', 'pre-test-task=refuse');
    const outcome = await rig.finish(run);
    expect(outcome).toMatchObject({ succeeded: false, reason: 'Failed' });
    expect(outcome.record).not.toHaveProperty('tests.json');
    expect(outcome.taskRuns.map(({ spec }) => spec.taskRef?.name)).not.toContain('test');
    expect(await logsOf(run)).toMatch(/error\[HOOK_FAILED\]: hook pre-test.*the moon is wrong/);
  });
});

describe("a pull request's app that never listens", () => {
  it('fails the run with its name and last words, and nothing of it is left', async () => {
    const { client } = rig.cluster;
    const setting = { name: 'ROLLOUT_TIMEOUT_SECONDS', value: '3' };
    await client
      .resource(kinds.tasks, RUN_NAMESPACE)
      .patch('deploy-intercepts-gateway', [{ op: 'add', path: '/spec/steps/0/env/-', value: setting }], {
        type: 'json',
      });
    const mute = await rig.pushApp('gone', { 'behaviour.json': '{"listen":false}' }, 'mute');
    const run = await rig.createRun('pr', 'tested', '--app', 'gone', '--pr', '7', '--sha', mute);
    const outcome = await rig.finish(run);
    expect(outcome).toMatchObject({ succeeded: false, reason: 'Failed' });
    const said = await logsOf(run);
    expect(said).toMatch(
      /error\[ROLLOUT_TIMEOUT\]: Deployment tested\/gone-pr-7-\w+ was not ready within 3 s/,
    );
    expect(said).toContain('waiting for a database that will never come');
    const labelSelector = LABEL.session;
    for (const kind of [kinds.deployments, kinds.services, kinds.httproutes]) {
      expect((await client.resource(kind, 'tested').list({ labelSelector })).items).toEqual([]);
    }
  });
});
