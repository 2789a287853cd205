/** Decides what a Job does next: its counts, its end, the pods to make and to delete. Pure. */

import { kubeTime, setCondition } from '../control/set-condition.ts';
import { isPodActive, isPodReady } from '../specs/pod-state.ts';
import type { Condition, Job, JobStatus, Pod } from '../specs/workload-objects.ts';

export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';

export interface JobPlan {
  readonly status: JobStatus;
  readonly remove: readonly Pod[];
  /** One entry per pod to make; the completion index for Indexed jobs. */
  readonly create: readonly { readonly index?: number }[];
  /** When to look again without any change: a deadline, or the end of a back-off. */
  readonly againInMs?: number;
}

interface Verdict {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

const FIRST_BACKOFF_MS = 10_000;
const MAX_BACKOFF_MS = 360_000;

/** `pods` are all that the job owns, finished ones too. */
export function planJob(job: Job, pods: readonly Pod[], now: Date): JobPlan {
  if (isJobFinished(job)) return { status: job.status ?? {}, remove: [], create: [] };
  const active = pods.filter(isPodActive);
  const counts = countPods(job, pods);
  const verdict = judge(job, pods, counts, now);
  if (verdict !== undefined) return finish(job, { verdict, counts, active, now });
  if (job.spec.suspend === true) return suspend(job, counts, active, now);
  const backoffMs = backoffLeftMs(pods, now);
  const create = backoffMs > 0 ? [] : missingPods(job, pods, counts);
  const status = withoutSuspended(
    job,
    {
      ...job.status,
      ...counts,
      startTime: job.status?.startTime ?? kubeTime(now),
      active: active.length + create.length,
    },
    now,
  );
  const waits = [backoffMs, deadlineLeftMs(job, now) ?? 0].filter((wait) => wait > 0);
  return { status, remove: [], create, ...(waits.length === 0 ? {} : { againInMs: Math.min(...waits) }) };
}

/** True when the job is Complete or Failed; nothing changes any more. */
export function isJobFinished({ status }: Job): boolean {
  return (
    status?.conditions?.some(
      ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
    ) ?? false
  );
}

interface Counts {
  readonly succeeded: number;
  readonly failed: number;
  readonly ready: number;
  readonly terminating: number;
}

/** Finished pods that somebody deleted still count: numbers never fall. */
function countPods({ status }: Job, pods: readonly Pod[]): Counts {
  const count = (phase: string): number => pods.filter((pod) => pod.status?.phase === phase).length;
  return {
    succeeded: Math.max(count('Succeeded'), status?.succeeded ?? 0),
    failed: Math.max(count('Failed'), status?.failed ?? 0),
    ready: pods.filter((pod) => isPodActive(pod) && isPodReady(pod)).length,
    terminating: pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined).length,
  };
}

function judge(job: Job, pods: readonly Pod[], counts: Counts, now: Date): Verdict | undefined {
  const { completions, backoffLimit = 6, parallelism = 1 } = job.spec;
  if (failuresOf(job, pods, counts) > backoffLimit) {
    return {
      type: 'Failed',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    };
  }
  if (deadlineLeftMs(job, now) === 0) {
    return {
      type: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Job was active longer than specified deadline',
    };
  }
  const reached =
    completions === undefined
      ? counts.succeeded > 0 && !pods.some(isPodActive)
      : counts.succeeded >= completions;
  const idle = completions === undefined && parallelism === 0;
  if (!reached || idle) return undefined;
  return {
    type: 'Complete',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  };
}

/** Failed pods, and restarts in place where the pods themselves start again. */
function failuresOf({ spec }: Job, pods: readonly Pod[], { failed }: Counts): number {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return failed;
  const restarts = pods
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .map((each) => each.restartCount);
  return failed + restarts.reduce((total, one) => total + one, 0);
}

function finish(
  job: Job,
  { verdict, counts, active, now }: { verdict: Verdict; counts: Counts; active: readonly Pod[]; now: Date },
): JobPlan {
  const time = kubeTime(now);
  const { type, reason, message } = verdict;
  const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const conditions = [first, type].reduce<Condition[]>(
    (list, each) =>
      setCondition(list, { type: each, status: 'True', reason, message, lastProbeTime: time }, time),
    [...(job.status?.conditions ?? [])],
  );
  const { active: _active, ready: _ready, ...before } = job.status ?? {};
  return {
    remove: active,
    create: [],
    status: {
      ...before,
      ...counts,
      ready: 0,
      startTime: before.startTime ?? time,
      ...(type === 'Complete' ? { completionTime: time } : {}),
      conditions,
    },
  };
}

function suspend(job: Job, counts: Counts, active: readonly Pod[], now: Date): JobPlan {
  const time = kubeTime(now);
  const suspended = {
    type: 'Suspended',
    status: 'True',
    reason: 'JobSuspended',
    message: 'Job suspended',
  } as const;
  const { startTime: _startTime, ...before } = job.status ?? {};
  return {
    remove: active,
    create: [],
    status: {
      ...before,
      ...counts,
      active: 0,
      conditions: setCondition(before.conditions ?? [], suspended, time),
    },
  };
}

function withoutSuspended(job: Job, status: JobStatus, now: Date): JobStatus {
  const was = job.status?.conditions?.some((each) => each.type === 'Suspended' && each.status === 'True');
  if (was !== true) return status;
  const resumed = {
    type: 'Suspended',
    status: 'False',
    reason: 'JobResumed',
    message: 'Job resumed',
  } as const;
  return {
    ...status,
    startTime: kubeTime(now),
    conditions: setCondition(status.conditions ?? [], resumed, kubeTime(now)),
  };
}

function missingPods(
  { spec }: Job,
  pods: readonly Pod[],
  { succeeded }: Counts,
): readonly { index?: number }[] {
  const { parallelism = 1, completions, completionMode } = spec;
  const active = pods.filter(isPodActive);
  const left = completions === undefined ? (succeeded > 0 ? 0 : parallelism) : completions - succeeded;
  const missing = Math.max(0, Math.min(parallelism, left) - active.length);
  if (completionMode !== 'Indexed') return Array.from({ length: missing }, () => ({}));
  const taken = new Set(
    pods.filter((pod) => isPodActive(pod) || pod.status?.phase === 'Succeeded').map(completionIndexOf),
  );
  const free = Array.from({ length: completions ?? 0 }, (_, index) => index).filter(
    (index) => !taken.has(index),
  );
  return free.slice(0, missing).map((index) => ({ index }));
}

function completionIndexOf({ metadata }: Pod): number {
  return Number(metadata.annotations?.[COMPLETION_INDEX] ?? -1);
}

function deadlineLeftMs({ spec, status }: Job, now: Date): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || status?.startTime === undefined) return undefined;
  return Math.max(0, Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now.getTime());
}

/** After failures the next pod waits: 10 s, 20 s, 40 s ... after the last failure (batch/v1, backoffLimit). */
function backoffLeftMs(pods: readonly Pod[], now: Date): number {
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed');
  const ends = failed.map(finishedAtMs).filter((time) => !Number.isNaN(time));
  if (ends.length === 0) return 0;
  const waitMs = Math.min(FIRST_BACKOFF_MS * 2 ** (ends.length - 1), MAX_BACKOFF_MS);
  return Math.max(0, Math.max(...ends) + waitMs - now.getTime());
}

function finishedAtMs({ status }: Pod): number {
  const times = (status?.containerStatuses ?? []).map((each) =>
    Date.parse(each.state.terminated?.finishedAt ?? ''),
  );
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length === 0 ? Number.NaN : Math.max(...known);
}
