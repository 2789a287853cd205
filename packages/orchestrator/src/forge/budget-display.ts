/** createBudgetDisplay: what is left of a forge's rate limit, as a gauge that is true when nobody asks the forge, too. */

import type { Metrics } from '../metrics.ts';
import type { ForgeBudget } from './forge-client.ts';

/** Nobody's limit lasts longer than an hour. */
const MAX_PAUSE_MS = 3_600_000;

/** Call it with each answer's budget. After the reset it shows the whole limit: else what was left last would stay. */
export function createBudgetDisplay(
  { forgeBudget }: Pick<Metrics, 'forgeBudget'>,
  host: string,
): (budget: ForgeBudget) => void {
  let timer: NodeJS.Timeout | undefined;
  return ({ remaining, limit, resetAtMs }) => {
    forgeBudget.set({ host }, remaining);
    clearTimeout(timer);
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(0, resetAtMs - Date.now()));
    timer = setTimeout(() => forgeBudget.set({ host }, limit), pauseMs).unref();
  };
}
