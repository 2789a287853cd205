/** Pull requests on a real cluster with intercept backend telepresence; a stand-in for Telepresence does the stealing. */

import { parseIntercepts } from '@tekton-dag/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStackAnswer } from '../rig/ask-stack.ts';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { createTapRig, type TapRig } from './stand-ins/tap-rig.ts';

let rig: TapRig;

/** Pods take their time to end. */
const expectNothingLeft = async (run: string): Promise<void> =>
  await expect.poll(() => rig.leftovers(run), { timeout: 60_000, interval: 500 }).toEqual([]);

beforeAll(async () => {
  rig = await createTapRig('telepresence');
  const apps = { front: { downstream: ['middle'] }, middle: { downstream: ['back'] }, back: {} };
  await rig.writeStack({ name: 'shop', apps });
  for (const app of Object.keys(apps)) await rig.pushApp(app);
  const run = await rig.run('bootstrap', 'shop');
  expect(run.succeeded, explainOutcome(run)).toBe(true);
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('with backend telepresence', () => {
  it('a pull request is tested inside the stack, and leaves nothing', async () => {
    const sha = await rig.pushApp('middle', { 'behaviour.json': '{"version":"2"}' }, 'good');
    const run = await rig.run('pr', 'shop', ...rig.pullRequest(1, sha));
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    expect(parseIntercepts(run.record['intercepts.json'] ?? '')).toMatchObject({
      ok: true,
      value: [{ app: 'middle', tap: { namespace: rig.appsNamespace } }],
    });
    expect(JSON.parse(run.record['original-traffic.json'] ?? '')).toMatchObject({ verdict: 'passed' });
    await expectNothingLeft(run.name);
    expect(describeStackAnswer(await rig.ask('front'))).toBe('front 1 -> middle 1 -> back 1');
  });

  it('a pull request that drops the session fails, and the edge is named', async () => {
    const behaviour = { 'behaviour.json': '{"version":"3","dropSession":true}' };
    const sha = await rig.pushApp('middle', behaviour, 'drops');
    const run = await rig.run('pr', 'shop', ...rig.pullRequest(2, sha));
    expect(run.succeeded).toBe(false);
    expect(run.failedStepLogs.join('\n')).toContain('edge middle -> back');
    await expectNothingLeft(run.name);
  });
});
