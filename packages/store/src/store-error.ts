/** The fault of a store: the database cannot be opened, is newer than this program, or refused a statement. */

export type StoreErrorCode =
  | 'STORE_URL_INVALID'
  | 'STORE_UNOPENABLE'
  | 'STORE_TOO_NEW'
  | 'STORE_QUERY_FAILED'
  /** The database is away, restarting or out of connections: the same statement may succeed in a moment. */
  | 'STORE_UNAVAILABLE'
  /** More wants to be stored than can be; nothing was stored. */
  | 'STORE_BUSY'
  /** A statement took longer than it may. */
  | 'STORE_TIMEOUT'
  | 'STORE_CURSOR_INVALID'
  | 'STORE_CLOSED';

/** A fault with a code that callers may branch on; the message is for people. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}
