/** Events: what happened, in one order that every reader sees without holes. Times are epoch milliseconds. */

import type { TeamScope } from './page.ts';

export interface NewEvent {
  /** An event whose id was appended before is not appended again. */
  readonly id: string;
  /** E.g. `run.finished`. */
  readonly type: string;
  /** What it happened to, e.g. a run's `<namespace>/<name>`. */
  readonly subject: string;
  /** Empty where it concerns no single team; only readers of all teams see it then. */
  readonly team: string;
  readonly timeMs: number;
  /** JSON text; the store does not look inside. */
  readonly data: string;
}

export interface EventRow extends NewEvent {
  /** Place in the order; grows, may skip numbers. */
  readonly seq: number;
}

export interface EventStore {
  /** Resolves when it can be read, with its place in the order; undefined when the id is known. */
  append(event: NewEvent): Promise<number | undefined>;
  /**
   * The events after `afterSeq` (0: from the oldest that is kept), oldest first. An event that a reader has not seen is
   * never before one that it has, whichever process appended it. Go on from `lastSeq`: it also counts other teams' events.
   */
  read(
    query: { readonly afterSeq: number; readonly limit: number } & TeamScope,
  ): Promise<{ readonly items: readonly EventRow[]; readonly lastSeq: number }>;
  /** Place of the newest event; 0 when there never was one. */
  newestSeq(): Promise<number>;
  /** Deletes events of before; at most `limit` (default 500). Tells how many. */
  prune(query: { readonly olderThanMs: number; readonly limit?: number }): Promise<number>;
}
