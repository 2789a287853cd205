/** renderPlanFailures: why there is no plan, one reason a line, each with what to do about it. Pure. */

import type { PlanFailure } from '@tekton-dag/model';

/** Lines after the first are indented below `error: `. */
export function renderPlanFailures(failures: readonly PlanFailure[]): string {
  return failures
    .map(({ message, hint }) => (hint === undefined ? message : `${message}; ${hint}`))
    .join('\n       ');
}
