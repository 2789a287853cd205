/** The settings of the queue: how many deliveries are worked on, how many runs live, and who of several replicas admits. */

import { z } from 'zod';

const MS_PER_SECOND = 1_000;
const MS_PER_DAY = 86_400_000;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
/** RFC 1123: labels between dots. */
const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const MAX_DNS_NAME_LENGTH = 253;

export interface QueueConfig {
  /** Deliveries worked on at a time, by this replica. */
  readonly dispatchConcurrency: number;
  /** Runs that live at a time, over all teams; 0: no such limit. */
  readonly maxLiveRuns: number;
  /** How much longer a run must have waited to go before one of the next higher priority. */
  readonly priorityAgeMs: number;
  /** Replicas of one orchestrator share the Lease; another orchestrator in its namespace has another one. */
  readonly leaseName: string;
  /** Of the Lease; absent: the namespace of the kubeconfig's context, or of the pod. */
  readonly leaseNamespace: string | undefined;
  /** A holder that says nothing for so long has lost the Lease. */
  readonly leaseMs: number;
  /** Finished runs that were made before this age are dropped from the history. */
  readonly runRetentionMs: number;
  /** Runs that the history holds at most. */
  readonly maxKeptRuns: number;
}

/** Of an orchestrator that is alone in its namespace. */
export const DEFAULT_LEASE_NAME = 'tekton-dag-orchestrator';

export const queueSettings = {
  TEKTON_DAG_DISPATCH_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(32),
  TEKTON_DAG_MAX_LIVE_RUNS: z.coerce.number().int().min(0).default(0),
  TEKTON_DAG_PRIORITY_AGE_SECONDS: z.coerce.number().int().min(1).default(1_800),
  TEKTON_DAG_LEASE_NAME: z
    .string()
    .max(MAX_DNS_NAME_LENGTH)
    .regex(DNS_NAME, 'must be the name of a Lease: small letters, digits, - and .')
    .default(DEFAULT_LEASE_NAME),
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
    leaseName: values.TEKTON_DAG_LEASE_NAME,
    leaseNamespace: values.TEKTON_DAG_LEASE_NAMESPACE,
    leaseMs: values.TEKTON_DAG_LEASE_SECONDS * MS_PER_SECOND,
    runRetentionMs: values.TEKTON_DAG_RUN_RETENTION_DAYS * MS_PER_DAY,
    maxKeptRuns: values.TEKTON_DAG_MAX_KEPT_RUNS,
  };
}
