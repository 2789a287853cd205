/** writePipelineRunStatus: puts what was decided into the status of a PipelineRun. */

import { isDeepStrictEqual } from 'node:util';
import type { ClusterContext } from '../../contracts/cluster-context.ts';
import type { ObjectKey } from '../../contracts/kube-object.ts';
import { conditionsWith, succeededCondition, type Verdict } from '../specs/condition.ts';
import { readPipelineRun } from '../specs/read-run.ts';

export interface StatusChange {
  readonly verdict: Verdict;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Writes only what changed: a look that finds nothing new leaves no trace. */
export function writePipelineRunStatus(
  key: ObjectKey,
  { verdict, fields = {} }: StatusChange,
  context: ClusterContext,
): void {
  context.store.mutateStatus(key, (object) => {
    const before = readPipelineRun(object).status;
    const now = context.now().toISOString();
    const isEnd = verdict.status !== 'Unknown';
    const status = {
      ...before,
      ...(isEnd && { startTime: before.startTime ?? now }),
      ...fields,
      conditions: conditionsWith(succeededCondition(before), verdict, now),
      ...(isEnd && { completionTime: now }),
    };
    return isDeepStrictEqual(status, object['status']) ? undefined : { ...object, status };
  });
}
