/** Makes ReplicaSets out of Deployments and rolls from one to the next. */

import type { ClusterContext, Controller } from '../../contracts/cluster-context.ts';
import type { KubeObject } from '../../contracts/kube-object.ts';
import {
  createKeyController,
  keyOf,
  ownerKeys,
  splitKey,
  type NamespacedName,
} from '../control/key-controller.ts';
import { isControlledBy } from '../control/is-controlled-by.ts';
import { recordEvent } from '../control/record-event.ts';
import {
  DEPLOYMENTS,
  isDeployment,
  isPod,
  isReplicaSet,
  PODS,
  REPLICA_SETS,
  type Deployment,
  type ReplicaSet,
} from '../specs/workload-objects.ts';
import { isPodFinished } from '../specs/pod-state.ts';
import { deploymentStatus, untilDeadlineMs } from './deployment-status.ts';
import { planPausedScale, planScale, type ScaleStep } from './plan-rollout.ts';
import { TEMPLATE_HASH_LABEL, templateHash } from './template-hash.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Reacts to Deployments and to the ReplicaSets that they own. */
export function createDeploymentController(context: ClusterContext): Controller {
  return createKeyController({
    name: 'deployment',
    store: context.store,
    log: context.log,
    sources: [
      { resource: DEPLOYMENTS, keysOf: (object) => [keyOf(object)] },
      { resource: REPLICA_SETS, keysOf: (object) => ownerKeys(object, 'Deployment') },
      { resource: PODS, keysOf: (object) => deploymentKeys(context, object) },
    ],
    reconcile: (key) => reconcileDeployment(context, key),
  });
}

function reconcileDeployment(context: ClusterContext, key: NamespacedName): void | number {
  const deployment = context.store.get({ ...DEPLOYMENTS, ...splitKey(key) });
  if (deployment === undefined || !isDeployment(deployment)) return;
  if (deployment.metadata.deletionTimestamp !== undefined) return;
  const hash = templateHash(deployment.spec.template);
  const owned = listOwned(context, deployment);
  const existing = owned.find((each) => each.metadata.labels?.[TEMPLATE_HASH_LABEL] === hash);
  const old = owned.filter((each) => each !== existing);
  const current =
    deployment.spec.paused === true ? existing : ensureCurrent(context, deployment, existing, old);
  const steps =
    deployment.spec.paused === true || current === undefined
      ? planPausedScale(deployment, owned)
      : planScale(deployment, current, old, countPods(context, old));
  for (const step of steps) scale(context, deployment, owned.concat(current ?? []), step);
  pruneHistory(context, deployment, old);
  return writeStatus(context, deployment, hash);
}

function deploymentKeys({ store }: ClusterContext, pod: KubeObject): readonly NamespacedName[] {
  return ownerKeys(pod, 'ReplicaSet').flatMap((key) => {
    const set = store.get({ ...REPLICA_SETS, ...splitKey(key) });
    return set === undefined ? [] : ownerKeys(set, 'Deployment');
  });
}

/** Pods of these sets that have not ended yet. */
function countPods({ store }: ClusterContext, sets: readonly ReplicaSet[]): number {
  const [first] = sets;
  if (first === undefined) return 0;
  return store
    .list(PODS, { namespace: first.metadata.namespace ?? '' })
    .items.filter((each) => isPod(each) && !isPodFinished(each))
    .filter((pod) => sets.some((set) => isControlledBy(pod, set))).length;
}

/** Oldest first. */
function listOwned({ store }: ClusterContext, deployment: Deployment): ReplicaSet[] {
  const { namespace = '' } = deployment.metadata;
  return store
    .list(REPLICA_SETS, { namespace })
    .items.filter(isReplicaSet)
    .filter((each) => isControlledBy(each, deployment))
    .toSorted((one, other) => revisionOf(one) - revisionOf(other));
}

/** The ReplicaSet of the present template, made or brought to the newest revision. */
function ensureCurrent(
  context: ClusterContext,
  deployment: Deployment,
  existing: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): ReplicaSet {
  const newest = Math.max(0, ...old.map(revisionOf));
  const revision = existing === undefined ? newest + 1 : Math.max(revisionOf(existing), newest + 1);
  const current =
    existing === undefined
      ? createReplicaSet(context, deployment, revision)
      : withRevision(context, existing, revision, deployment);
  const { annotations } = deployment.metadata;
  if (annotations?.[REVISION] !== String(revision)) {
    const metadata = {
      ...deployment.metadata,
      annotations: { ...annotations, [REVISION]: String(revision) },
    };
    expectOk(context.store.update(DEPLOYMENTS, { ...deployment, metadata }));
  }
  return current;
}

function createReplicaSet(context: ClusterContext, deployment: Deployment, revision: number): ReplicaSet {
  const created = expectOk(context.store.create(REPLICA_SETS, renderReplicaSet(deployment, revision)));
  if (!isReplicaSet(created)) throw new Error('the store gave another kind');
  return created;
}

/** A set without replicas; the rollout gives it some. */
function renderReplicaSet(deployment: Deployment, revision: number): KubeObject {
  const { template, selector, minReadySeconds } = deployment.spec;
  const { name = '', namespace = '', uid = '' } = deployment.metadata;
  const hash = { [TEMPLATE_HASH_LABEL]: templateHash(template) };
  const labels = { ...template.metadata?.labels, ...hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash[TEMPLATE_HASH_LABEL]}`,
      namespace,
      labels,
      annotations: { ...copiedAnnotations(deployment), [REVISION]: String(revision) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, ...hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function copiedAnnotations(deployment: Deployment): Record<string, string> {
  const all = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(all.filter(([key]) => key !== REVISION && key !== LAST_APPLIED));
}

function withRevision(
  { store }: ClusterContext,
  set: ReplicaSet,
  revision: number,
  deployment: Deployment,
): ReplicaSet {
  if (revisionOf(set) === revision) return set;
  const annotations = {
    ...set.metadata.annotations,
    ...copiedAnnotations(deployment),
    [REVISION]: String(revision),
  };
  const stored = expectOk(store.update(REPLICA_SETS, { ...set, metadata: { ...set.metadata, annotations } }));
  return isReplicaSet(stored) ? stored : set;
}

function scale(
  context: ClusterContext,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  { name, replicas }: ScaleStep,
): void {
  const { namespace = '' } = deployment.metadata;
  const set = context.store.get({ ...REPLICA_SETS, namespace, name });
  const before = sets.find((each) => each.metadata.name === name)?.spec.replicas ?? 0;
  if (set === undefined || !isReplicaSet(set)) return;
  expectOk(context.store.update(REPLICA_SETS, { ...set, spec: { ...set.spec, replicas } }));
  const direction = replicas > before ? 'up' : 'down';
  recordEvent(context, deployment, {
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${direction} replica set ${name} from ${before} to ${replicas}`,
    component: 'deployment-controller',
  });
}

function pruneHistory({ store }: ClusterContext, deployment: Deployment, old: readonly ReplicaSet[]): void {
  const idle = old.filter((each) => (each.spec.replicas ?? 1) === 0 && (each.status?.replicas ?? 0) === 0);
  const tooMany = idle.length - (deployment.spec.revisionHistoryLimit ?? 10);
  for (const { metadata } of idle.slice(0, Math.max(0, tooMany))) {
    store.delete({ ...REPLICA_SETS, namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
  }
}

/** Gives the time until the progress deadline, when there is one. */
function writeStatus(context: ClusterContext, { metadata }: Deployment, hash: string): void | number {
  const key = { ...DEPLOYMENTS, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
  const now = context.now();
  const stored = context.store.mutateStatus(key, (fresh) => {
    if (!isDeployment(fresh)) return undefined;
    const owned = listOwned(context, fresh);
    const current = owned.find((each) => each.metadata.labels?.[TEMPLATE_HASH_LABEL] === hash);
    const old = owned.filter((each) => each !== current);
    return { ...fresh, status: deploymentStatus(fresh, current, old, now) };
  });
  if (stored.ok && isDeployment(stored.value)) return untilDeadlineMs(stored.value, now);
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function expectOk(outcome: ReturnType<ClusterContext['store']['update']>): KubeObject {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
}
