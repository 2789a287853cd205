/** What the SQLite thread and its caller say to each other: statements in an array, and as many replies in the same order. */

import type { SqliteValue } from './to-sqlite-value.ts';

export interface SqliteStatement {
  readonly sql: string;
  readonly parameters: readonly SqliteValue[];
  /** Whether a commit of it waits for the disk. */
  readonly durable: boolean;
}

/** `Row` is `never` on the reading side: the thread cannot know what shape the caller's statement gives. */
export type SqliteReply<Row = never> =
  | { readonly ok: true; readonly rows: Row[]; readonly changes: number }
  | {
      readonly ok: false;
      readonly message: string;
      /** SQLite's primary result code; 0 where the fault is not SQLite's. */
      readonly resultCode: number;
    };
