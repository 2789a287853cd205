/** A decision: what a delivery leads to. Made when the delivery arrives, stored with it, carried out later. */

import type { Change } from '../forge/change.ts';
import type { CommentCommand } from '../forge/forge-event.ts';

/** Every reason why a delivery makes no run; the label of a metric, so the set is closed. */
export const NO_RUN_REASONS = [
  'event',
  'action',
  'unknown-repository',
  'base-branch',
  'fork',
  'draft',
  'bot',
  'skip-ci',
  'paths',
  'push',
  'tag',
  'deleted-ref',
  'zero-sha',
  'hold',
  'superseded',
  'comment',
  'forbidden',
  'wrong-secret-scope',
  'dependency',
] as const;

export type NoRunReason = (typeof NO_RUN_REASONS)[number];

/** Those that are known when a delivery arrives; the others come to light when it is carried out. */
export type IgnoreReason = Exclude<
  NoRunReason,
  'paths' | 'hold' | 'superseded' | 'forbidden' | 'wrong-secret-scope' | 'dependency'
>;

/** One (team, stack) that the repository feeds, with what was derived for it. */
export interface DecidedTarget {
  readonly team: string;
  readonly namespace: string;
  readonly stack: string;
  readonly stackFile: string;
  /** Every app of the stack that the repository feeds, in order; path filters may still leave some out. */
  readonly apps: readonly string[];
  /** Marks the traffic and the objects of the pull request. */
  readonly session: string;
}

/** A target that gets a run. */
export interface RunTarget extends DecidedTarget {
  readonly runName: string;
}

/** Nothing to run. With a `change` there is a pull request whose people should see why. */
export interface IgnoredDecision {
  readonly kind: 'ignored';
  readonly reason: IgnoreReason;
  readonly detail: string;
  readonly change?: Change;
  readonly targets?: readonly DecidedTarget[];
}

/** `sha` is the head of the pull request, or what a merge queue made of it. */
export interface TestDecision {
  readonly kind: 'test';
  readonly cause: 'pull-request' | 'merge-group';
  readonly change: Change;
  readonly sha: string;
  readonly attempt: number;
  readonly targets: readonly RunTarget[];
}

/** `sha` is what the pull request was merged as. */
export interface ReleaseDecision {
  readonly kind: 'release';
  readonly change: Change;
  readonly sha: string;
  readonly attempt: number;
  readonly targets: readonly RunTarget[];
}

export interface CloseDecision {
  readonly kind: 'close';
  readonly change: Change;
  readonly targets: readonly DecidedTarget[];
}

/** Whose command it is, and what it may do, is asked when it is carried out. */
export interface CommandDecision {
  readonly kind: 'command';
  readonly command: CommentCommand;
  /** Whatever the base branch, which a comment does not tell. */
  readonly targets: readonly DecidedTarget[];
}

export type Decision = IgnoredDecision | TestDecision | ReleaseDecision | CloseDecision | CommandDecision;
