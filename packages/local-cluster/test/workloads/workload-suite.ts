/** One cluster for all tests of a file; each test has a namespace of its own in it. */

import { afterAll, beforeAll } from 'vitest';
import { openTestCluster, type TestCluster } from '../cluster-fixture.ts';
import { createWorkloadRig, type WorkloadRig } from './workload-rig.ts';

/** Returns what opens a namespace; call inside `describe`. */
export function useWorkloads(): () => Promise<WorkloadRig> {
  let cluster: TestCluster | undefined;
  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster?.close());
  return async () => {
    if (cluster === undefined) throw new Error('the cluster is used before it started');
    return createWorkloadRig(cluster);
  };
}
