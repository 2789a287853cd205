/** createETagCache: answers by request with their ETags (RFC 9110, section 8.8.3), the least recently used one goes first. */

import type { ForgeAnswer } from './forge-request.ts';

export interface ETagCache {
  get(key: string): { readonly etag: string; readonly answer: ForgeAnswer } | undefined;
  /** An answer that is larger than an entry may be is not kept. */
  put(key: string, etag: string, answer: ForgeAnswer): void;
}

const MAX_ENTRIES = 500;
const MAX_ENTRY_CHARACTERS = 64 * 1024;

export function createETagCache(maxEntries = MAX_ENTRIES): ETagCache {
  const entries = new Map<string, { readonly etag: string; readonly answer: ForgeAnswer }>();
  const touch = (key: string, entry: { readonly etag: string; readonly answer: ForgeAnswer }): void => {
    entries.delete(key);
    entries.set(key, entry);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry !== undefined) touch(key, entry);
      return entry;
    },
    put: (key, etag, answer) => {
      if (JSON.stringify(answer.data).length > MAX_ENTRY_CHARACTERS) return;
      touch(key, { etag, answer });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
  };
}
