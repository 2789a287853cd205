/** declareTapTests: what every backend with taps has to show: a pull request that passes, and one that drops the session. */

import { kinds } from '@tekton-dag/kube';
import { parseIntercepts } from '@tekton-dag/model';
import { expect, it } from 'vitest';
import { describeStackAnswer } from '../../rig/ask-stack.ts';
import { explainOutcome } from '../../rig/explain-outcome.ts';
import type { RunOutcome } from '../../rig/run-outcome.ts';
import type { TapRig } from './tap-rig.ts';
import { expectNothingLeft, SHOP_BASELINE } from './use-tap-shop.ts';

const interceptsOf = ({ record }: RunOutcome) => {
  const intercepts = parseIntercepts(record['intercepts.json'] ?? '');
  return intercepts.ok ? intercepts.value : [];
};

export function declareTapTests(openRig: () => TapRig): void {
  it('a pull request is tested inside the stack, and leaves nothing', async () => {
    const rig = openRig();
    const sha = await rig.pushApp('middle', { 'behaviour.json': '{"version":"2"}' }, 'good');
    const run = await rig.run('pr', 'shop', ...rig.pullRequest(1, sha));
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    const [intercept] = interceptsOf(run);
    expect(intercept).toMatchObject({ app: 'middle', tap: { namespace: rig.appsNamespace } });
    expect(JSON.parse(run.record['propagation.json'] ?? '')).toMatchObject({
      verdict: 'passed',
      apps: [{ app: 'middle', verdict: 'passed', pod: intercept?.pod }],
    });
    expect(JSON.parse(run.record['original-traffic.json'] ?? '')).toMatchObject({ verdict: 'passed' });
    const { status } = (await rig.client.resource(kinds.pipelineruns, rig.namespace).get(run.name)) ?? {};
    const deployed = { name: 'deployed-pods', value: JSON.stringify({ middle: intercept?.pod }) };
    expect(status).toMatchObject({ results: expect.arrayContaining([expect.objectContaining(deployed)]) });
    await expectNothingLeft(rig, run.name);
    expect(describeStackAnswer(await rig.ask('front'))).toBe(SHOP_BASELINE);
  });

  it('a pull request that drops the session fails, and the edge is named', async () => {
    const rig = openRig();
    const behaviour = { 'behaviour.json': '{"version":"3","dropSession":true}' };
    const sha = await rig.pushApp('middle', behaviour, 'drops');
    const run = await rig.run('pr', 'shop', ...rig.pullRequest(2, sha));
    expect(run.succeeded).toBe(false);
    expect(run.failedStepLogs.join('\n')).toContain('edge middle -> back');
    await expectNothingLeft(rig, run.name);
  });
}
