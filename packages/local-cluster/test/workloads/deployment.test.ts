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
} from '../../src/workloads/specs/workload-objects.ts';
import { isPodReady } from '../../src/workloads/specs/pod-state.ts';
import { createWorkloadRig, shellPodSpec, until, type WorkloadRig } from './workload-rig.ts';

const SLEEP = 'trap "exit 0" TERM; while :; do sleep 0.05; done';

function deployment(
  script: string,
  spec: Record<string, unknown> = {},
  container: Record<string, unknown> = {},
): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
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

function change(rig: WorkloadRig, edit: (spec: Deployment['spec']) => Partial<Deployment['spec']>): void {
  const current = read(rig);
  const stored = rig.store.update(DEPLOYMENTS, {
    ...current,
    spec: { ...current.spec, ...edit(current.spec) },
  });
  if (!stored.ok) throw new Error(stored.error.message);
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

/** What `kubectl rollout status` waits for. */
function isRolledOut(rig: WorkloadRig): boolean {
  const { spec, status, metadata } = read(rig);
  const wanted = spec.replicas ?? 1;
  const counts: DeploymentStatus = status ?? {};
  return (
    counts.observedGeneration === metadata.generation &&
    counts.updatedReplicas === wanted &&
    counts.replicas === wanted &&
    counts.availableReplicas === wanted
  );
}

const conditionOf = (rig: WorkloadRig, type: string): string | undefined =>
  read(rig).status?.conditions?.find((each) => each.type === type)?.reason;

describe('a deployment', () => {
  it('runs its replicas and says that it is available and has progressed', async () => {
    await using rig = await createWorkloadRig();
    rig.create(DEPLOYMENTS, deployment(SLEEP));
    await until(() => isRolledOut(rig));
    expect(conditionOf(rig, 'Available')).toBe('MinimumReplicasAvailable');
    expect(conditionOf(rig, 'Progressing')).toBe('NewReplicaSetAvailable');
    expect(read(rig).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1');
    expect(
      rig
        .pods()
        .every((pod) => /^web-[bcdfghjklmnpqrstvwxz2456789]{10}-\w{5}$/.test(pod.metadata.name ?? '')),
    ).toBe(true);
  });

  it('replaces the pods step by step, never having less than maxUnavailable allows', async () => {
    await using rig = await createWorkloadRig();
    const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
    rig.create(DEPLOYMENTS, deployment(SLEEP, { replicas: 3, strategy: { rollingUpdate } }));
    await until(() => isRolledOut(rig));
    const before = new Set(rig.pods().map((pod) => pod.metadata.uid));
    let leastReady = 3;
    let most = 0;
    const unwatch = rig.store.watch(PODS, () => {
      const live = rig.pods().filter((pod) => pod.metadata.deletionTimestamp === undefined);
      leastReady = Math.min(leastReady, live.filter(isPodReady).length);
      most = Math.max(most, live.length);
    });
    change(rig, withScript('next'));
    await until(() => isRolledOut(rig) && rig.pods().length === 3);
    unwatch();
    expect(rig.pods().some((pod) => before.has(pod.metadata.uid))).toBe(false);
    expect(leastReady).toBeGreaterThanOrEqual(3);
    expect(most).toBeLessThanOrEqual(4);
    const sets = rig.store.list(REPLICA_SETS).items.filter(isReplicaSet);
    expect(
      sets
        .map((set) => [set.metadata.annotations?.['deployment.kubernetes.io/revision'], set.spec.replicas])
        .toSorted(([one = ''], [other = '']) => String(one).localeCompare(String(other))),
    ).toEqual([
      ['1', 0],
      ['2', 3],
    ]);
  });

  it('keeps the old pods when the new ones do not get ready, and says so after the deadline', async () => {
    await using rig = await createWorkloadRig();
    rig.create(DEPLOYMENTS, deployment(SLEEP, { progressDeadlineSeconds: 1 }));
    await until(() => isRolledOut(rig));
    change(rig, (spec) => ({
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
    await using rig = await createWorkloadRig();
    rig.create(DEPLOYMENTS, deployment(SLEEP, { replicas: 1 }));
    await until(() => isRolledOut(rig));
    const { template } = read(rig).spec;
    change(rig, withScript('next'));
    await until(() => isRolledOut(rig));
    change(rig, () => ({ template }));
    await until(() => isRolledOut(rig));
    expect(read(rig).metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
    expect(rig.store.list(REPLICA_SETS).items).toHaveLength(2);
  });

  it('ends all old pods before it starts new ones with strategy Recreate', async () => {
    await using rig = await createWorkloadRig();
    rig.create(DEPLOYMENTS, deployment(SLEEP, { strategy: { type: 'Recreate' } }));
    await until(() => isRolledOut(rig));
    let most = 0;
    const unwatch = rig.store.watch(PODS, () => {
      const live = rig.pods().filter((pod) => pod.metadata.deletionTimestamp === undefined);
      most = Math.max(most, new Set(live.map((pod) => pod.metadata.labels?.['pod-template-hash'])).size);
    });
    change(rig, withScript('next'));
    await until(() => isRolledOut(rig));
    unwatch();
    expect(most).toBe(1);
  });

  it('follows its replica count, replaces a pod that is deleted, and takes all with it', async () => {
    await using rig = await createWorkloadRig();
    rig.create(DEPLOYMENTS, deployment(SLEEP));
    await until(() => isRolledOut(rig));
    const [victim] = rig.pods();
    rig.store.delete({ ...PODS, namespace: 'default', name: victim?.metadata.name ?? '' });
    await until(
      () => isRolledOut(rig) && !rig.pods().some((pod) => pod.metadata.uid === victim?.metadata.uid),
    );
    change(rig, () => ({ replicas: 0 }));
    await until(() => rig.pods().length === 0 && isRolledOut(rig));
    change(rig, () => ({ replicas: 1 }));
    await until(() => isRolledOut(rig));
    rig.store.delete({ ...DEPLOYMENTS, namespace: 'default', name: 'web' });
    await until(() => rig.pods().length === 0 && rig.store.list(REPLICA_SETS).items.length === 0);
  });

  it('does not roll while it is paused', async () => {
    await using rig = await createWorkloadRig();
    rig.create(DEPLOYMENTS, deployment(SLEEP, { replicas: 1 }));
    await until(() => isRolledOut(rig));
    change(rig, (spec) => ({ paused: true, ...withScript('next')(spec) }));
    await until(() => conditionOf(rig, 'Progressing') === 'DeploymentPaused');
    expect(rig.store.list(REPLICA_SETS).items).toHaveLength(1);
    change(rig, () => ({ paused: false }));
    await until(() => isRolledOut(rig));
    expect(rig.store.list(REPLICA_SETS).items).toHaveLength(2);
  });

  it('refuses a selector that does not choose its own pods, and one that changes', async () => {
    await using rig = await createWorkloadRig();
    const wrong = rig.store.create(
      DEPLOYMENTS,
      deployment(SLEEP, { selector: { matchLabels: { app: 'other' } } }),
    );
    expect(wrong).toMatchObject({ ok: false, error: { reason: 'Invalid' } });
    expect(JSON.stringify(wrong)).toContain('`selector` does not match template `labels`');
    rig.create(DEPLOYMENTS, deployment(SLEEP, { replicas: 0 }));
    const { template } = read(rig).spec;
    const labels = { app: 'web', tier: 'front' };
    const update = rig.store.update(DEPLOYMENTS, {
      ...read(rig),
      spec: { selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } },
    });
    expect(JSON.stringify(update)).toContain('field is immutable');
  });
});
