/** CommandActions: what commands ask of the runs. Doing it twice leaves the same runs: names are derived. */

import type { Change } from '../forge/change.ts';
import type { CommandTarget } from './command.ts';

/** `change` is the pull request as the forge shows it now; `attempt` makes the names of the runs new ones. */
export interface TestWish {
  readonly change: Change;
  /** Id of the delivery that asks. */
  readonly delivery: string;
  readonly attempt: number;
  /** False for the code of a fork: no secrets, no shared caches. */
  readonly trusted: boolean;
  /** Absent: every team and stack that the repository feeds. */
  readonly target?: CommandTarget;
}

/** `runs` are names of PipelineRuns. `refused`: there is nothing to do, and why, in words for people. */
export type ActionResult =
  | { readonly kind: 'started'; readonly runs: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

/** Each rejects with what the API, the store or the forge said; the command is then carried out again later. */
export interface CommandActions {
  /** Makes test runs of the change's head, from the start. */
  test(wish: TestWish): Promise<ActionResult>;
  /** Of each target whose last run failed or was cancelled: continues it, or where that cannot be, tests again. */
  retest(wish: TestWish): Promise<ActionResult>;
  /** Stops the unfinished test runs; gives their names. */
  cancel(change: Change): Promise<readonly string[]>;
}
