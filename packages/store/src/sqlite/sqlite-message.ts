/** What the SQLite thread and its caller say to each other. */

/** A value that SQLite can hold. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** One statement to execute; answered by the reply with the same `id`. */
export interface SqliteRequest extends SqliteStatement {
  readonly id: number;
}

export interface SqliteStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Whether a commit of it waits for the disk. */
  readonly durable: boolean;
}

/** `Row` is `never` on the reading side: the thread cannot know what shape the caller's statement gives. */
export type SqliteReply<Row = never> =
  | { readonly id: number; readonly ok: true; readonly rows: Row[]; readonly changes: number }
  | {
      readonly id: number;
      readonly ok: false;
      readonly message: string;
      /** SQLite's primary result code; 0 where the fault is not SQLite's. */
      readonly resultCode: number;
    };
