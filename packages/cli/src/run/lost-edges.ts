/** lostEdgesOf: the edges on which the session did not travel, from the run record's `propagation.json`. Pure. */

import { parsePropagation } from '@tekton-dag/model';

/** An edge and why it is held to have failed. */
export interface LostEdge {
  readonly caller: string;
  readonly callee: string;
  readonly detail: string;
}

/** Empty when verify did not run or its verdict cannot be read. */
export function lostEdgesOf(text: string | undefined): LostEdge[] {
  const propagation = text === undefined ? undefined : parsePropagation(text);
  if (propagation?.ok !== true) return [];
  return propagation.value.edges.filter(({ verdict }) => verdict === 'failed');
}
