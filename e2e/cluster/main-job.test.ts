/** The main job on a real Kubernetes with a real Tekton: the same pipelines that the laptop runs. */

import { kinds } from '@tekton-dag/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStackAnswer } from '../rig/ask-stack.ts';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';

let rig: ClusterRig;
const STACK = {
  name: 'shop',
  apps: { front: { downstream: ['middle'] }, middle: { downstream: ['back'] }, back: {} },
};

const changeOf = (app: string, pullRequest: number, sha: string): readonly string[] =>
  `--app ${app} --repository acme/${app} --pr ${pullRequest} --sha ${sha}`.split(' ');

beforeAll(async () => {
  rig = await createClusterRig();
  await rig.writeStack(STACK);
  for (const app of Object.keys(STACK.apps)) await rig.pushApp(app);
});

afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

describe('on a real cluster', () => {
  it('a bootstrap builds and deploys the whole stack', async () => {
    const run = await rig.run('bootstrap', 'shop');
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    expect(describeStackAnswer(await rig.ask('front'))).toBe('front 1 -> middle 1 -> back 1');
  });

  it('a pull request is tested inside the stack, and leaves nothing', async () => {
    const sha = await rig.pushApp('middle', { 'behaviour.json': '{"version":"2"}' }, 'good');
    const run = await rig.run('pr', 'shop', ...changeOf('middle', 1, sha));
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    const routes = await rig.client.resource(kinds.httproutes, rig.appsNamespace).list();
    const names = routes.items.map(({ metadata }) => metadata?.name ?? '');
    expect(new Set(names)).toEqual(new Set(['front', 'middle', 'back']));
    expect(describeStackAnswer(await rig.ask('front'))).toBe('front 1 -> middle 1 -> back 1');
  });

  it('a pull request that drops the session fails, and the edge is named', async () => {
    const behaviour = { 'behaviour.json': '{"version":"3","dropSession":true}' };
    const sha = await rig.pushApp('middle', behaviour, 'drops');
    const run = await rig.run('pr', 'shop', ...changeOf('middle', 2, sha));
    expect(run.succeeded).toBe(false);
    expect(run.record['propagation.json']).toContain('middle');
    const watched = await rig.cli('run', 'watch', run.name, '-n', rig.namespace);
    expect(watched.stdout + watched.stderr).toContain('middle -> back');
  });

  it('a merge releases the app and updates the baseline', async () => {
    const sha = await rig.pushApp('middle', { 'behaviour.json': '{"version":"4"}' });
    const run = await rig.run('merge', 'shop', ...changeOf('middle', 1, sha));
    expect(run.succeeded, explainOutcome(run)).toBe(true);
    expect(describeStackAnswer(await rig.ask('front'))).toBe('front 1 -> middle 4 -> back 1');
  });
});
