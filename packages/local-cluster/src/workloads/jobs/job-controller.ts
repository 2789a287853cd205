/** Runs pods for Jobs until they are complete or have failed for good. */

import type { ClusterContext, Controller } from '../../contracts/cluster-context.ts';
import { createPod } from '../control/create-pod.ts';
import {
  createKeyController,
  keyOf,
  ownerKeys,
  splitKey,
  type NamespacedName,
} from '../control/key-controller.ts';
import { isControlledBy } from '../control/is-controlled-by.ts';
import { recordEvent } from '../control/record-event.ts';
import type { PodTemplate } from '../specs/pod-schema.ts';
import { isJob, isPod, JOBS, PODS, type Job, type Pod } from '../specs/workload-objects.ts';
import { COMPLETION_INDEX, isJobFinished, planJob, type JobPlan } from './plan-job.ts';

/** Reacts to Jobs and to the pods that they own. */
export function createJobController(context: ClusterContext): Controller {
  return createKeyController({
    name: 'job',
    store: context.store,
    log: context.log,
    sources: [
      { resource: JOBS, keysOf: (object) => [keyOf(object)] },
      { resource: PODS, keysOf: (object) => ownerKeys(object, 'Job') },
    ],
    reconcile: (key) => reconcileJob(context, key),
  });
}

function reconcileJob(context: ClusterContext, key: NamespacedName): void | number {
  const job = context.store.get({ ...JOBS, ...splitKey(key) });
  if (job === undefined || !isJob(job) || job.metadata.deletionTimestamp !== undefined) return;
  if (isJobFinished(job)) return deleteWhenExpired(context, job);
  return applyPlan(context, job, planJob(job, listOwned(context, job), context.now()));
}

function applyPlan(context: ClusterContext, job: Job, plan: JobPlan): number | undefined {
  for (const pod of plan.remove) context.store.delete({ ...PODS, ...splitKey(keyOf(pod)) });
  for (const { index } of plan.create) createJobPod(context, job, index);
  const key = { ...JOBS, ...splitKey(keyOf(job)) };
  const written = context.store.mutateStatus(key, (fresh) => ({ ...fresh, status: plan.status }));
  if (written.ok && isJob(written.value) && isJobFinished(written.value)) reportEnd(context, written.value);
  return plan.againInMs;
}

function listOwned({ store }: ClusterContext, job: Job): Pod[] {
  return store
    .list(PODS, { namespace: job.metadata.namespace ?? '' })
    .items.filter(isPod)
    .filter((pod) => isControlledBy(pod, job));
}

function createJobPod(context: ClusterContext, job: Job, index: number | undefined): void {
  const { name = '' } = job.metadata;
  if (index === undefined) {
    createPod(context, job, job.spec.template, { generateName: `${name}-` });
    return;
  }
  createPod(context, job, withCompletionIndex(job.spec.template, index), {
    generateName: `${name}-${index}-`,
    annotations: { [COMPLETION_INDEX]: String(index) },
  });
}

/** Indexed jobs tell each container its index by JOB_COMPLETION_INDEX. */
function withCompletionIndex(template: PodTemplate, index: number): PodTemplate {
  const variable = { name: 'JOB_COMPLETION_INDEX', value: String(index) };
  const containers = template.spec.containers.map((container) => ({
    ...container,
    env: [...(container.env ?? []), variable],
  }));
  return { ...template, spec: { ...template.spec, containers } };
}

function reportEnd(context: ClusterContext, job: Job): void {
  const end = job.status?.conditions?.findLast((each) => each.type === 'Complete' || each.type === 'Failed');
  const failed = end?.type === 'Failed';
  recordEvent(context, job, {
    type: failed ? 'Warning' : 'Normal',
    reason: failed ? (end.reason ?? 'Failed') : 'Completed',
    message: failed ? (end.message ?? '') : 'Job completed',
    component: 'job-controller',
  });
}

function deleteWhenExpired({ store, now }: ClusterContext, { spec, status, metadata }: Job): void | number {
  if (spec.ttlSecondsAfterFinished === undefined) return;
  const end = status?.conditions?.findLast((each) => each.type === 'Complete' || each.type === 'Failed');
  const leftMs =
    Date.parse(end?.lastTransitionTime ?? '') + spec.ttlSecondsAfterFinished * 1000 - now().getTime();
  if (leftMs > 0) return leftMs;
  store.delete({ ...JOBS, namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
}
