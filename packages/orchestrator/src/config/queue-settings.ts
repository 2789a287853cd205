/** The settings of the queue: how many deliveries are worked on, how many runs live, and who of several replicas admits. */

import { z } from 'zod';

const MS_PER_SECOND = 1_000;
const MS_PER_DAY = 86_400_000;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export interface QueueConfig {
  /** Deliveries worked on at a time, by this replica. */
  readonly dispatchConcurrency: number;
  /** Runs that live at a time, over all teams; 0: no such limit. */
  readonly maxLiveRuns: number;
  /** How much longer a run must have waited to go before one of the next higher priority. */
  readonly priorityAgeMs: number;
  /** Of the Lease; absent: the namespace of the kubeconfig's context, or of the pod. */
  readonly leaseNamespace: string | undefined;
  /** A holder that says nothing for so long has lost the Lease. */
  readonly leaseMs: number;
  /** Finished runs that were made before this age are dropped from the history. */
  readonly runRetentionMs: number;
  /** Runs that the history holds at most. */
  readonly maxKeptRuns: number;
}

export const queueSettings = {
  TEKTON_DAG_DISPATCH_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(32),
  TEKTON_DAG_MAX_LIVE_RUNS: z.coerce.number().int().min(0).default(0),
  TEKTON_DAG_PRIORITY_AGE_SECONDS: z.coerce.number().int().min(1).default(1_800),
  TEKTON_DAG_LEASE_NAMESPACE: z.string().regex(DNS_LABEL, 'must be a namespace name').optional(),
  TEKTON_DAG_LEASE_SECONDS: z.coerce.number().int().min(2).max(3_600).default(15),
  TEKTON_DAG_RUN_RETENTION_DAYS: z.coerce.number().int().min(1).default(90),
  TEKTON_DAG_MAX_KEPT_RUNS: z.coerce.number().int().min(1).default(100_000),
};

type QueueSettings = z.output<z.ZodObject<typeof queueSettings>>;

export function compileQueueConfig(values: QueueSettings): QueueConfig {
  return {
    dispatchConcurrency: values.TEKTON_DAG_DISPATCH_CONCURRENCY,
    maxLiveRuns: values.TEKTON_DAG_MAX_LIVE_RUNS,
    priorityAgeMs: values.TEKTON_DAG_PRIORITY_AGE_SECONDS * MS_PER_SECOND,
    leaseNamespace: values.TEKTON_DAG_LEASE_NAMESPACE,
    leaseMs: values.TEKTON_DAG_LEASE_SECONDS * MS_PER_SECOND,
    runRetentionMs: values.TEKTON_DAG_RUN_RETENTION_DAYS * MS_PER_DAY,
    maxKeptRuns: values.TEKTON_DAG_MAX_KEPT_RUNS,
  };
}
