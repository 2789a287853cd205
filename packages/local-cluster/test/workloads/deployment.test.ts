/** Deployments: rolling updates, scaling, history, progress. */

import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/contracts/kube-object.ts';
import {
  DEPLOYMENTS,
  isDeployment,
  isReplicaSet,
  PODS,
  REPLICA_SETS,
  type Deployment,
  type DeploymentStatus,
  type Pod,
} from '../../src/workloads/specs/workload-objects.ts';
import { isPodFinished, isPodReady } from '../../src/workloads/specs/pod-state.ts';
import { shellPodSpec, SLEEP, type WorkloadRig } from './workload-rig.ts';
import { until } from './until.ts';
import { useWorkloads } from './workload-suite.ts';

function deployment(
  script: string,
  spec: Record<string, unknown> = {},
  container: Record<string, unknown> = {},
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: shellPodSpec(script, container) },
      ...spec,
    },
  };
}

function read(rig: WorkloadRig): Deployment {
  const found = rig.get(DEPLOYMENTS, 'web');
  if (found === undefined || !isDeployment(found)) throw new Error('no deployment');
  return found;
}

async function change(
  rig: WorkloadRig,
  edit: (spec: Deployment['spec']) => Partial<Deployment['spec']>,
): Promise<void> {
  const before = read(rig).metadata.generation;
  expect(await rig.patch(DEPLOYMENTS, 'web', { spec: edit(read(rig).spec) })).toBe('');
  await until(() => read(rig).metadata.generation !== before);
}

const withScript =
  (script: string) =>
  (spec: Deployment['spec']): Partial<Deployment['spec']> => ({
    template: {
      ...spec.template,
      spec: {
        ...spec.template.spec,
        containers: spec.template.spec.containers.map((each) => ({ ...each, args: [script] })),
      },
    },
  });

const livePods = (rig: WorkloadRig): Pod[] =>
  rig.pods().filter((pod) => pod.metadata.deletionTimestamp === undefined);

/** What `kubectl rollout status` waits for; and the watch of the pods has told it too. */
function isRolledOut(rig: WorkloadRig): boolean {
  const { spec, status, metadata } = read(rig);
  const wanted = spec.replicas ?? 1;
  const counts: DeploymentStatus = status ?? {};
  return (
    counts.observedGeneration === metadata.generation &&
    (counts.updatedReplicas ?? 0) === wanted &&
    (counts.replicas ?? 0) === wanted &&
    (counts.availableReplicas ?? 0) === wanted &&
    livePods(rig).filter(isPodReady).length === wanted
  );
}

const conditionOf = (rig: WorkloadRig, type: string): string | undefined =>
  read(rig).status?.conditions?.find((each) => each.type === type)?.reason;

describe('a deployment', () => {
  const openRig = useWorkloads();

  it('runs its replicas and says that it is available and has progressed', async () => {
    await using rig = await openRig();
    await rig.create(DEPLOYMENTS, deployment(SLEEP));
    await until(() => isRolledOut(rig));
    expect(conditionOf(rig, 'Available')).toBe('MinimumReplicasAvailable');
    expect(conditionOf(rig, 'Progressing')).toBe('NewReplicaSetAvailable');
    expect(read(rig).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
    expect(
      rig
        .pods()
        .every((pod) => /^web-[bcdfghjklmnpqrstvwxz2456789]{6,10}-\w{5}$/.test(pod.metadata.name ?? '')),
    ).toBe(true);
  });

  it('replaces the pods step by step, never having less than maxUnavailable allows', async () => {
    await using rig = await openRig();
    const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
    await rig.create(DEPLOYMENTS, deployment(SLEEP, { replicas: 3, strategy: { rollingUpdate } }));
    await until(() => isRolledOut(rig));
    const before = new Set(rig.pods().map((pod) => pod.metadata.uid));
    let leastReady = 3;
    let most = 0;
    const unwatch = rig.watch(PODS, () => {
      const live = livePods(rig);
      leastReady = Math.min(leastReady, live.filter(isPodReady).length);
      most = Math.max(most, live.length);
    });
    await change(rig, withScript('next'));
    await until(() => isRolledOut(rig) && rig.pods().length === 3);
    unwatch();
    expect(rig.pods().some((pod) => before.has(pod.metadata.uid))).toBe(false);
    expect(leastReady).toBeGreaterThanOrEqual(3);
    expect(most).toBeLessThanOrEqual(4);
    const revisions = () =>
      rig
        .list(REPLICA_SETS)
        .filter(isReplicaSet)
        .map((set) => [set.metadata.annotations?.['deployment.kubernetes.io/revision'], set.spec.replicas])
        .toSorted(([one = ''], [other = '']) => String(one).localeCompare(String(other)));
    await expect.poll(revisions, { timeout: 30_000 }).toEqual([
      ['1', 0],
      ['2', 3],
    ]);
  });

  it('keeps the old pods when the new ones do not get ready, and says so after the deadline', async () => {
    await using rig = await openRig();
    await rig.create(DEPLOYMENTS, deployment(SLEEP, { progressDeadlineSeconds: 1 }));
    await until(() => isRolledOut(rig));
    await change(rig, (spec) => ({
      template: {
        ...spec.template,
        spec: {
          ...spec.template.spec,
          containers: spec.template.spec.containers.map((each) => ({
            ...each,
            readinessProbe: { exec: { command: ['false'] } },
          })),
        },
      },
    }));
    await until(() => conditionOf(rig, 'Progressing') === 'ProgressDeadlineExceeded');
    expect(read(rig).status?.availableReplicas).toBe(2);
  });

  it('goes back to an older template with its ReplicaSet', async () => {
    await using rig = await openRig();
    await rig.create(DEPLOYMENTS, deployment(SLEEP, { replicas: 1 }));
    await until(() => isRolledOut(rig));
    const { template } = read(rig).spec;
    await change(rig, withScript('next'));
    await until(() => isRolledOut(rig));
    await change(rig, () => ({ template }));
    await until(() => isRolledOut(rig));
    expect(read(rig).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    await expect.poll(() => rig.list(REPLICA_SETS), { timeout: 30_000 }).toHaveLength(2);
  });

  it('ends all old pods before it starts new ones with strategy Recreate', async () => {
    await using rig = await openRig();
    const slow = 'trap "sleep 0.5; exit 0" TERM; while :; do sleep 0.1; done';
    await rig.create(DEPLOYMENTS, deployment(slow, { strategy: { type: 'Recreate' } }));
    await until(() => isRolledOut(rig));
    let most = 0;
    const unwatch = rig.watch(PODS, () => {
      // One that has ended may still be listed when the next begins.
      const alive = rig.pods().filter((pod) => !isPodFinished(pod));
      most = Math.max(most, new Set(alive.map((pod) => pod.metadata.labels?.['pod-template-hash'])).size);
    });
    await change(rig, withScript('next'));
    await until(() => isRolledOut(rig));
    unwatch();
    expect(most).toBe(1);
  });

  it('follows its replica count, replaces a pod that is deleted, and takes all with it', async () => {
    await using rig = await openRig();
    await rig.create(DEPLOYMENTS, deployment(SLEEP));
    await until(() => isRolledOut(rig));
    const [victim] = rig.pods();
    await rig.remove(PODS, victim?.metadata.name ?? '');
    await until(
      () => isRolledOut(rig) && !rig.pods().some((pod) => pod.metadata.uid === victim?.metadata.uid),
    );
    await change(rig, () => ({ replicas: 0 }));
    await until(() => rig.pods().length === 0 && isRolledOut(rig));
    await change(rig, () => ({ replicas: 1 }));
    await until(() => isRolledOut(rig));
    await rig.remove(DEPLOYMENTS, 'web');
    await until(() => rig.pods().length === 0 && rig.list(REPLICA_SETS).length === 0);
  });

  it('does not roll while it is paused', async () => {
    await using rig = await openRig();
    await rig.create(DEPLOYMENTS, deployment(SLEEP, { replicas: 1 }));
    await until(() => isRolledOut(rig));
    await change(rig, (spec) => ({ paused: true, ...withScript('next')(spec) }));
    await until(() => conditionOf(rig, 'Progressing') === 'DeploymentPaused');
    expect(rig.list(REPLICA_SETS)).toHaveLength(1);
    await change(rig, () => ({ paused: false }));
    await until(() => isRolledOut(rig));
    await expect.poll(() => rig.list(REPLICA_SETS), { timeout: 30_000 }).toHaveLength(2);
  });

  it('refuses a selector that does not choose its own pods, and one that changes', async () => {
    await using rig = await openRig();
    const wrong = deployment(SLEEP, { selector: { matchLabels: { app: 'other' } } });
    expect(await rig.refusal(DEPLOYMENTS, wrong)).toContain('`selector` does not match template `labels`');
    await rig.create(DEPLOYMENTS, deployment(SLEEP, { replicas: 0 }));
    const labels = { app: 'web', tier: 'front' };
    const spec = { selector: { matchLabels: labels }, template: { metadata: { labels } } };
    expect(await rig.patch(DEPLOYMENTS, 'web', { spec })).toContain('field is immutable');
  });
});
