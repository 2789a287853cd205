import { describe, expect, it } from 'vitest';
import type { Job, Pod, PodStatus } from '../specs/workload-objects.ts';
import { planJob } from './plan-job.ts';

const NOW = new Date('2026-01-01T00:00:00Z');

function job(spec: Partial<Job['spec']>, status?: Job['status']): Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work', namespace: 'default', uid: 'u' },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'i' }] } },
      completions: 1,
      ...spec,
    },
    ...(status === undefined ? {} : { status }),
  };
}

function pod(phase: PodStatus['phase'], endedSecondsAgo = 0): Pod {
  const finishedAt = new Date(NOW.getTime() - endedSecondsAgo * 1000).toISOString();
  const state = { terminated: { exitCode: 1, reason: 'Error', finishedAt } };
  const container = {
    name: 'app',
    image: '',
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    state,
    lastState: {},
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { containers: [] },
    status: { phase, containerStatuses: phase === 'Failed' ? [container] : [] },
  };
}

describe('the plan of a job', () => {
  it('makes no more pods than parallelism allows and completions need', () => {
    expect(planJob(job({ completions: 5, parallelism: 3 }), [], NOW).create).toHaveLength(3);
    const pods = [pod('Succeeded'), pod('Succeeded'), pod('Succeeded'), pod('Succeeded')];
    expect(planJob(job({ completions: 5, parallelism: 3 }), pods, NOW).create).toHaveLength(1);
    expect(
      planJob(job({ completions: 5, parallelism: 3 }), [pod('Running'), pod('Running')], NOW).create,
    ).toHaveLength(1);
  });

  it('waits 10 s after the first failure and 20 s after the second', () => {
    expect(planJob(job({}), [pod('Failed', 4)], NOW)).toMatchObject({ create: [], againInMs: 6_000 });
    expect(planJob(job({}), [pod('Failed', 40), pod('Failed', 5)], NOW)).toMatchObject({
      create: [],
      againInMs: 15_000,
    });
    expect(planJob(job({}), [pod('Failed', 11)], NOW).create).toHaveLength(1);
  });

  it('fails after more than backoffLimit failures and deletes what still runs', () => {
    const plan = planJob(
      job({ backoffLimit: 1, parallelism: 2, completions: 2 }),
      [pod('Failed'), pod('Failed'), pod('Running')],
      NOW,
    );
    expect(plan.remove).toHaveLength(1);
    expect(plan.status.conditions?.map((each) => each.type)).toEqual(['FailureTarget', 'Failed']);
  });

  it('does not forget pods that somebody deleted', () => {
    expect(planJob(job({ completions: 2 }, { succeeded: 1 }), [], NOW).status.succeeded).toBe(1);
    expect(planJob(job({ completions: 1 }, { succeeded: 1 }), [], NOW).status.completionTime).toBeDefined();
  });

  it('changes nothing when the job is finished', () => {
    const done = job({}, { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] });
    expect(planJob(done, [pod('Running')], NOW)).toEqual({ status: done.status, remove: [], create: [] });
  });
});
