/** lostEdges: the edges that dropped the session. Pure. */

import type { RunEvidence } from './run-evidence.ts';

/** Without those that only suffered: their detail says that they were not judged. */
export function lostEdges({ edges }: Pick<RunEvidence, 'edges'>): RunEvidence['edges'] {
  return edges.filter(({ verdict, detail }) => verdict === 'failed' && !detail.startsWith('not judged'));
}
