/** Pull requests on a real cluster with intercept backend mirrord; a stand-in for mirrord does the stealing. */

import { kinds, waitFor, waitForDeletion, type ConfigMap } from '@tekton-dag/kube';
import { parseIntercepts, parseWaiting } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStackAnswer } from '../rig/ask-stack.ts';
import { explainOutcome } from '../rig/explain-outcome.ts';
import type { RunOutcome } from '../rig/run-outcome.ts';
import type { SteeredProgram } from '../rig/steering.ts';
import { createTapRig, sessionOf, type TapRig } from './stand-ins/tap-rig.ts';

const BASELINE = 'front 1 -> middle 1 -> back 1';
const WAIT = { timeoutMs: 180_000 };
let rig: TapRig;

const ask = async (session?: string): Promise<string> => describeStackAnswer(await rig.ask('front', session));

const writeStack = async (middle: object = {}): Promise<void> =>
  await rig.writeStack({
    name: 'shop',
    apps: { front: { downstream: ['middle'] }, middle: { downstream: ['back'], ...middle }, back: {} },
  });

/** A run whose test the test itself ends. */
const createHeldRun = async (number: number, sha: string): Promise<string> => {
  await writeStack({ tests: { command: rig.steeredCommand(`test-${number}`).split(' ') } });
  return await rig.createRun('pr', 'shop', ...rig.pullRequest(number, sha));
};

/** The test of a held run; a run comes to its tests when its intercept is verified. */
const heldTest = async (run: string, number: number): Promise<SteeredProgram> => {
  const records = rig.client.resource(kinds.configmaps, rig.namespace);
  const isVerified = ({ data }: ConfigMap): boolean => data?.['original-traffic.json'] !== undefined;
  expect((await waitFor(records, run, isVerified, WAIT)).ok).toBe(true);
  return await rig.steering.next(`test-${number}`);
};

const interceptsOf = ({ record }: RunOutcome) => {
  const intercepts = parseIntercepts(record['intercepts.json'] ?? '');
  return intercepts.ok ? intercepts.value : [];
};

/** Pods take their time to end. */
const expectNothingLeft = async (run: string): Promise<void> =>
  await expect.poll(() => rig.leftovers(run), { timeout: 60_000, interval: 500 }).toEqual([]);

beforeAll(async () => {
  rig = await createTapRig('mirrord');
  await writeStack();
  for (const app of ['front', 'middle', 'back']) await rig.pushApp(app);
  const run = await rig.run('bootstrap', 'shop');
  expect(run.succeeded, explainOutcome(run)).toBe(true);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('with backend mirrord', () => {
  it('a pull request is tested inside the stack, and leaves nothing', async () => {
    const sha = await rig.pushApp('middle', { 'behaviour.json': '{"version":"2"}' }, 'good');
    const run = await rig.run('pr', 'shop', ...rig.pullRequest(1, sha));
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    const [intercept] = interceptsOf(run);
    expect(intercept).toMatchObject({ app: 'middle', tap: { namespace: rig.appsNamespace } });
    expect(JSON.parse(run.record['propagation.json'] ?? '')).toMatchObject({
      verdict: 'passed',
      apps: [{ app: 'middle', verdict: 'passed', pod: intercept?.pod }],
    });
    const { status } = (await rig.client.resource(kinds.pipelineruns, rig.namespace).get(run.name)) ?? {};
    const deployed = { name: 'deployed-pods', value: JSON.stringify({ middle: intercept?.pod }) };
    expect(status).toMatchObject({ results: expect.arrayContaining([expect.objectContaining(deployed)]) });
    await expectNothingLeft(run.name);
    expect(await ask()).toBe(BASELINE);
  });

  it('a pull request that drops the session fails, and the edge is named', async () => {
    const behaviour = { 'behaviour.json': '{"version":"3","dropSession":true}' };
    const sha = await rig.pushApp('middle', behaviour, 'drops');
    const run = await rig.run('pr', 'shop', ...rig.pullRequest(2, sha));
    expect(run.succeeded).toBe(false);
    expect(run.failedStepLogs.join('\n')).toContain('edge middle -> back');
    await expectNothingLeft(run.name);
  });

  it('one run at a time intercepts an app: the second waits, says for whom, and goes on', async () => {
    const sha = await rig.pushApp('middle', { 'behaviour.json': '{"version":"4"}' }, 'turns');
    const first = await createHeldRun(4, sha);
    const test = await heldTest(first, 4);
    const session = await sessionOf(rig, first);
    expect(await ask(session)).toBe('front 1 -> middle 4 -> back 1');
    for (const other of [
      session.replace('pr-4-', 'pr-42-'),
      `${session}x`,
      session.slice(0, -1),
      `x${session}`,
    ]) {
      expect(await ask(other)).toBe(BASELINE);
    }
    expect(await ask()).toBe(BASELINE);

    const second = await createHeldRun(42, sha);
    const records = rig.client.resource(kinds.configmaps, rig.namespace);
    const waits = await waitFor(records, second, ({ data }) => data?.['waiting.json'] !== undefined, WAIT);
    expect(parseWaiting(waits.ok ? (waits.value.data?.['waiting.json'] ?? '') : '')).toMatchObject({
      ok: true,
      value: { app: 'middle', holder: { name: first } },
    });
    const shown = await rig.cli('run', 'get', second, '-n', rig.namespace);
    expect(shown.stdout).toContain(`It waits for run ${first}`);

    await test.exit(0);
    const ended = await rig.finish(first);
    expect(ended.succeeded, explainOutcome(ended)).toBe(true);
    const next = await heldTest(second, 42);
    expect(await ask(await sessionOf(rig, second))).toBe('front 1 -> middle 4 -> back 1');
    expect(await ask(session)).toBe(BASELINE);
    await next.exit(0);
    const last = await rig.finish(second);
    expect(last.succeeded, explainOutcome(last)).toBe(true);
    expect(Object.keys(last.record)).not.toContain('waiting.json');
    await expectNothingLeft(second);
  });

  it('a tap that is killed during the tests fails the run with the reason, and everything goes', async () => {
    const sha = await rig.pushApp('middle', { 'behaviour.json': '{"version":"5"}' }, 'killed');
    const run = await createHeldRun(5, sha);
    const test = await heldTest(run, 5);
    const record = await rig.client.resource(kinds.configmaps, rig.namespace).get(run);
    const intercepts = parseIntercepts(record?.data?.['intercepts.json'] ?? '');
    const tap = intercepts.ok ? (intercepts.value[0]?.tap?.pod ?? '') : '';
    const pods = rig.client.resource(kinds.pods, rig.appsNamespace);
    await pods.delete(tap, { gracePeriodSeconds: 0 });
    expect((await waitForDeletion(pods, tap, WAIT)).ok).toBe(true);
    await test.exit(0);
    const ended = await rig.finish(run);
    expect(ended.succeeded).toBe(false);
    expect(ended.failedStepLogs.join('\n')).toContain('the intercept of middle is lost');
    await expectNothingLeft(run);
    expect(await ask()).toBe(BASELINE);
  });
});
