/** A stack of forty apps on a real cluster with Tekton's default settings. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainOutcome } from '../rig/explain-outcome.ts';
import { createClusterRig, type ClusterRig } from './rig/cluster-rig.ts';
import { highestAliveBuilds, type AliveBuilds } from './rig/highest-alive-builds.ts';

const COUNT = 40;
const MAX_PARALLEL_BUILDS = 4;
const RUN_TIMEOUT_MS = 1_800_000;
const appAt = (index: number): string => `app-${String(index).padStart(2, '0')}`;

/** A binary tree: six hops deep. */
const APPS = Object.fromEntries(
  Array.from({ length: COUNT }, (_, index) => {
    const children = [2 * index + 1, 2 * index + 2].filter((child) => child < COUNT);
    return [appAt(index), { downstream: children.map(appAt) }];
  }),
);

let rig: ClusterRig;
let alive: AliveBuilds;

beforeAll(async () => {
  rig = await createClusterRig({
    team: { maxParallelBuilds: MAX_PARALLEL_BUILDS },
    timeoutMs: RUN_TIMEOUT_MS,
  });
  await rig.writeStack({ name: 'forty', apps: APPS });
  for (const app of Object.keys(APPS)) await rig.pushApp(app);
  alive = await highestAliveBuilds(rig.client, rig.namespace);
}, RUN_TIMEOUT_MS);

afterAll(async () => {
  await alive?.[Symbol.asyncDispose]();
  await rig?.[Symbol.asyncDispose]();
});

describe('a stack of forty apps', () => {
  it(
    'bootstraps with no more builders at once than the team allows',
    async () => {
      const run = await rig.run('bootstrap', 'forty');
      expect(run.succeeded, explainOutcome(run)).toBe(true);
      expect(Object.keys(JSON.parse(run.record['images.json'] ?? '{}'))).toHaveLength(COUNT);
      expect(alive.highest()).toBe(MAX_PARALLEL_BUILDS);
      const answers = new Set<string>();
      const collect = ({ app, downstream }: Awaited<ReturnType<ClusterRig['ask']>>): void => {
        answers.add(app);
        for (const answer of downstream) collect(answer);
      };
      collect(await rig.ask(appAt(0)));
      expect(answers.size).toBe(COUNT);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'tests a pull request of an app at its bottom',
    async () => {
      const app = appAt(COUNT - 1);
      const sha = await rig.pushApp(app, { 'behaviour.json': '{"version":"2"}' }, 'change');
      const change = `--app ${app} --repository acme/${app} --pr 7 --sha ${sha}`;
      const run = await rig.run('pr', 'forty', ...change.split(' '));
      expect(run.succeeded, explainOutcome(run)).toBe(true);
    },
    RUN_TIMEOUT_MS,
  );
});
