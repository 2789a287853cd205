import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Deployment, ReplicaSet } from '../specs/workload-objects.ts';
import { planPausedScale, planScale, rolloutBounds } from './plan-rollout.ts';

const template = { spec: { containers: [{ name: 'app', image: 'busybox:1' }] } };
const selector = { matchLabels: { app: 'web' } };

function deployment(
  replicas: number,
  maxSurge: number | string,
  maxUnavailable: number | string,
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector,
      template,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
    },
  };
}

function replicaSet(name: string, replicas: number, available: number): ReplicaSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name },
    spec: { replicas, selector, template },
    status: { replicas, availableReplicas: available },
  };
}

describe('the bounds of a rollout', () => {
  it.each([
    { replicas: 4, given: ['25%', '25%'], bounds: { maxSurge: 1, maxUnavailable: 1 } },
    { replicas: 1, given: ['25%', '25%'], bounds: { maxSurge: 1, maxUnavailable: 0 } },
    { replicas: 10, given: ['25%', '25%'], bounds: { maxSurge: 3, maxUnavailable: 2 } },
    { replicas: 3, given: [0, 0], bounds: { maxSurge: 0, maxUnavailable: 1 } },
    { replicas: 3, given: ['100%', 0], bounds: { maxSurge: 3, maxUnavailable: 0 } },
  ])('of $replicas replicas with surge and unavailable $given', ({ replicas, given, bounds }) => {
    const [surge = 0, unavailable = 0] = given;
    expect(rolloutBounds(deployment(replicas, surge, unavailable))).toEqual(bounds);
  });
});

describe('a rolling update', () => {
  it('never breaks its bounds and always comes to its end', () => {
    const numbers = fc.record({
      replicas: fc.integer({ min: 0, max: 8 }),
      old: fc.integer({ min: 0, max: 8 }),
      surge: fc.integer({ min: 0, max: 4 }),
      unavailable: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(numbers, ({ replicas, old, surge, unavailable }) => {
        const wanted = deployment(replicas, surge, unavailable);
        const bounds = rolloutBounds(wanted);
        let sets = { current: replicaSet('new', 0, 0), old: replicaSet('old', old, old) };
        for (let step = 0; step < 50; step += 1) {
          const steps = planScale(wanted, sets.current, [sets.old], 0);
          const next = (set: ReplicaSet): number =>
            steps.find((each) => each.name === set.metadata.name)?.replicas ?? set.spec.replicas ?? 0;
          const counts = { current: next(sets.current), old: next(sets.old) };
          const available =
            Math.min(counts.current, sets.current.status?.availableReplicas ?? 0) + counts.old;
          expect(counts.current + counts.old).toBeLessThanOrEqual(Math.max(replicas + bounds.maxSurge, old));
          expect(available).toBeGreaterThanOrEqual(Math.min(replicas - bounds.maxUnavailable, old));
          sets = {
            current: replicaSet('new', counts.current, counts.current),
            old: replicaSet('old', counts.old, counts.old),
          };
        }
        expect([sets.current.spec.replicas, sets.old.spec.replicas]).toEqual([replicas, 0]);
      }),
    );
  });

  it('takes pods that are not available away first', () => {
    const old = [replicaSet('broken', 1, 0), replicaSet('good', 3, 3)];
    const steps = planScale(deployment(4, 0, 1), replicaSet('new', 0, 0), old, 4);
    expect(steps).toEqual([{ name: 'broken', replicas: 0 }]);
  });

  it('while it is paused only follows the number of replicas of the one active set', () => {
    expect(planPausedScale(deployment(3, 1, 0), [replicaSet('a', 0, 0), replicaSet('b', 2, 2)])).toEqual([
      { name: 'b', replicas: 3 },
    ]);
    expect(planPausedScale(deployment(3, 1, 0), [replicaSet('a', 1, 1), replicaSet('b', 2, 2)])).toEqual([]);
  });
});
