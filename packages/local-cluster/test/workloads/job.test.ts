/** Jobs: completions, parallelism, failures, deadlines. */

import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/contracts/kube-object.ts';
import { isJob, JOBS, type Job } from '../../src/workloads/specs/workload-objects.ts';
import { shellPodSpec, type WorkloadRig } from './workload-rig.ts';
import { until } from './until.ts';
import { useWorkloads } from './workload-suite.ts';

function job(
  script: string,
  spec: Record<string, unknown> = {},
  pod: Record<string, unknown> = {},
): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work' },
    spec: { template: { spec: { restartPolicy: 'Never', ...shellPodSpec(script), ...pod } }, ...spec },
  };
}

function read(rig: WorkloadRig): Job {
  const found = rig.get(JOBS, 'work');
  if (found === undefined || !isJob(found)) throw new Error('no job');
  return found;
}

const conditionOf = (rig: WorkloadRig, type: string): string | undefined =>
  read(rig).status?.conditions?.find((each) => each.type === type && each.status === 'True')?.reason;

describe('a job', () => {
  const openRig = useWorkloads();

  it('is complete when enough pods have succeeded, with no more than parallelism at once', async () => {
    await using rig = await openRig();
    await rig.create(JOBS, job('sleep 0.1', { completions: 4, parallelism: 2 }));
    let most = 0;
    await until(() => {
      most = Math.max(most, rig.pods().filter((pod) => pod.status?.phase === 'Running').length);
      return conditionOf(rig, 'Complete');
    });
    expect(read(rig).status).toMatchObject({ succeeded: 4, ready: 0 });
    expect(read(rig).status?.completionTime).toBeDefined();
    expect(most).toBeLessThanOrEqual(2);
    expect(conditionOf(rig, 'SuccessCriteriaMet')).toBe('CompletionsReached');
  });

  it('fails when the failures exceed backoffLimit', async () => {
    await using rig = await openRig();
    await rig.create(JOBS, job('exit 1', { backoffLimit: 0 }));
    await until(() => conditionOf(rig, 'Failed') === 'BackoffLimitExceeded');
    expect(read(rig).status).toMatchObject({ failed: 1 });
    const event = 'BackoffLimitExceeded: Job has reached the specified backoff limit';
    await until(() => rig.events('work').includes(event));
  });

  it('counts restarts in place with OnFailure', async () => {
    await using rig = await openRig();
    await rig.create(JOBS, job('exit 1', { backoffLimit: 0 }, { restartPolicy: 'OnFailure' }));
    await until(() => conditionOf(rig, 'Failed') === 'BackoffLimitExceeded');
  });

  it('ends its pods when its deadline has passed', async () => {
    await using rig = await openRig();
    await rig.create(JOBS, job('exec sleep 1000', { activeDeadlineSeconds: 1 }));
    await until(() => conditionOf(rig, 'Failed') === 'DeadlineExceeded');
    await until(() => rig.pods().length === 0);
  });

  it('gives every pod of an Indexed job its index', async () => {
    await using rig = await openRig();
    await rig.create(
      JOBS,
      job('echo $JOB_COMPLETION_INDEX', { completions: 2, parallelism: 2, completionMode: 'Indexed' }),
    );
    await until(() => conditionOf(rig, 'Complete'));
    const logs = await Promise.all(rig.pods().map((pod) => rig.log(pod.metadata.name ?? '')));
    expect(new Set(logs)).toEqual(new Set(['0\n', '1\n']));
  });

  it('runs nothing while it is suspended', async () => {
    await using rig = await openRig();
    await rig.create(JOBS, job('true', { suspend: true }));
    await until(() => conditionOf(rig, 'Suspended'));
    expect(rig.pods()).toEqual([]);
    expect(await rig.patch(JOBS, 'work', { spec: { suspend: false } })).toBe('');
    await until(() => conditionOf(rig, 'Complete'));
  });

  it('goes after its time to live, with its pods', async () => {
    await using rig = await openRig();
    await rig.create(JOBS, job('true', { ttlSecondsAfterFinished: 0 }));
    await until(() => rig.get(JOBS, 'work') === undefined && rig.pods().length === 0);
  });
});
