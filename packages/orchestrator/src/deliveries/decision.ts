/** A decision: what a delivery leads to. Made when the delivery arrives, stored with it, carried out later. */

import type { Change } from '../forge/change.ts';

/** Why a delivery leads to nothing; the label of a metric, so the set is closed. */
export type IgnoreReason = 'event' | 'action' | 'unknown-repository' | 'base-branch' | 'fork';

/** One target with what was derived for it. */
export interface DecidedTarget {
  readonly team: string;
  readonly namespace: string;
  readonly stack: string;
  readonly stackFile: string;
  readonly app: string;
  /** Marks the traffic and the objects of the pull request. */
  readonly session: string;
}

/** A target that gets a run. */
export interface RunTarget extends DecidedTarget {
  readonly runName: string;
}

/** `sha` is the commit to build: the head of a pull request, or what it was merged as. */
export type Decision =
  | { readonly kind: 'ignored'; readonly reason: IgnoreReason; readonly detail: string }
  | {
      readonly kind: 'test';
      readonly change: Change;
      readonly sha: string;
      readonly targets: readonly RunTarget[];
    }
  | {
      readonly kind: 'release';
      readonly change: Change;
      readonly sha: string;
      readonly targets: readonly RunTarget[];
    }
  | { readonly kind: 'close'; readonly change: Change; readonly targets: readonly DecidedTarget[] };
