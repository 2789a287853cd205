/** Pull requests on a real cluster with intercept backend mirrord; a stand-in for mirrord does the stealing. */

import { kinds, waitFor, waitForDeletion, type ConfigMap } from '@tekton-dag/kube';
import { parseIntercepts, parseWaiting } from '@tekton-dag/model';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeStackAnswer } from '../rig/ask-stack.ts';
import { explainOutcome } from '../rig/explain-outcome.ts';
import type { SteeredProgram } from '../rig/steering.ts';
import { declareTapTests } from './stand-ins/declare-tap-tests.ts';
import { sessionOf, type TapRig } from './stand-ins/tap-rig.ts';
import { expectNothingLeft, SHOP_BASELINE, useTapShop, writeShop } from './stand-ins/use-tap-shop.ts';

const WAIT = { timeoutMs: 600_000 };
const openRig = useTapShop('mirrord');
let rig: TapRig;
beforeAll(() => {
  rig = openRig();
});

const ask = async (session?: string): Promise<string> => describeStackAnswer(await rig.ask('front', session));

/** A run whose test the test itself ends. */
const createHeldRun = async (number: number, sha: string): Promise<string> => {
  await writeShop(rig, { tests: { command: rig.steeredCommand(`test-${number}`).split(' ') } });
  return await rig.createRun('pr', 'shop', ...rig.pullRequest(number, sha));
};

/** The test of a held run; a run comes to its tests when its intercept is verified. */
const heldTest = async (run: string, number: number): Promise<SteeredProgram> => {
  const records = rig.client.resource(kinds.configmaps, rig.namespace);
  const isVerified = ({ data }: ConfigMap): boolean => data?.['original-traffic.json'] !== undefined;
  expect((await waitFor(records, run, isVerified, WAIT)).ok).toBe(true);
  return await rig.steering.next(`test-${number}`);
};

describe('with backend mirrord', () => {
  declareTapTests(openRig);

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
      expect(await ask(other)).toBe(SHOP_BASELINE);
    }
    expect(await ask()).toBe(SHOP_BASELINE);

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
    expect(await ask(session)).toBe(SHOP_BASELINE);
    await next.exit(0);
    const last = await rig.finish(second);
    expect(last.succeeded, explainOutcome(last)).toBe(true);
    expect(Object.keys(last.record)).not.toContain('waiting.json');
    await expectNothingLeft(rig, second);
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
    await expectNothingLeft(rig, run);
    expect(await ask()).toBe(SHOP_BASELINE);
  });
});
