/** PageCursor: the place after a row of a list ordered by time and then by names, as opaque text. */

import { StoreError } from './store-error.ts';

/** A time (or another growing number), then the names that order rows of the same time. */
export type PageCursor = readonly [number, ...string[]];

const MAX_CURSOR_LENGTH = 2_048;

/** base64url (RFC 4648, section 5) of a JSON array. */
export const writeCursor = (cursor: PageCursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** Throws `STORE_CURSOR_INVALID` for what `writeCursor` did not make with `nameCount` names. */
export function readCursor(text: string, nameCount: number): PageCursor {
  const parts =
    text.length <= MAX_CURSOR_LENGTH ? parseJson(Buffer.from(text, 'base64url').toString()) : undefined;
  if (!Array.isArray(parts) || parts.length !== nameCount + 1) throw invalid();
  const [time, ...names]: readonly unknown[] = parts;
  // Postgres takes no NUL in text, and nothing but whole numbers for a bigint.
  if (!Number.isSafeInteger(time) || typeof time !== 'number' || !names.every(isName)) throw invalid();
  return [time, ...names];
}

const isName = (name: unknown): name is string => typeof name === 'string' && !name.includes('\0');

const invalid = (): StoreError =>
  new StoreError('STORE_CURSOR_INVALID', 'the cursor is not one of this list');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
