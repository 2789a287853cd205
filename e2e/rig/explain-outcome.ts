/** explainOutcome: why a run of a test ended as it did, for the message of an assertion. */

import type { RunOutcome } from './run-outcome.ts';

/** The run's message, each failed TaskRun's, and what their steps said last. */
export function explainOutcome({ name, reason, message, taskRuns, failedStepLogs }: RunOutcome): string {
  const failed = taskRuns.flatMap(({ metadata, status }) =>
    (status?.conditions ?? [])
      .filter((condition) => condition.type === 'Succeeded' && condition.status === 'False')
      .map((condition) => `${metadata.name ?? ''}: ${condition.reason ?? ''}: ${condition.message ?? ''}`),
  );
  return [`${name}: ${reason}: ${message}`, ...failed, ...failedStepLogs].join('\n');
}
