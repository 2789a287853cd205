/** listQueue: the runs of a team that wait for a slot, oldest first. */

import type { RunRow, Store } from '@tekton-dag/store';

/** Nobody counts further. */
const MAX_QUEUE = 200;

/** Undefined for a queue that is longer than anyone counts. */
export async function listQueue(
  { runs }: Pick<Store, 'runs'>,
  team: string,
): Promise<readonly RunRow[] | undefined> {
  const { items, next } = await runs.list({ team, states: ['pending'], limit: MAX_QUEUE });
  return next === undefined ? items.toReversed() : undefined;
}
