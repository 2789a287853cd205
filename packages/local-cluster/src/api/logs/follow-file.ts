/** Reads a growing file line by line, from its start, until the caller says that no more will come. */

import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const CHUNK_BYTES = 256 * 1024;
/** How often a file that has no news is looked at again. */
const POLL_INTERVAL_MS = 100;

const tryOpen = (path: string): number | undefined => {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
};

/** Splits what has been read into whole lines, keeping the open end. */
const createLineSplitter = () => {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push: (bytes: Buffer): string[] => {
      const all = Buffer.concat([rest, bytes]);
      const end = all.lastIndexOf(10);
      rest = all.subarray(end + 1);
      return end < 0 ? [] : all.subarray(0, end).toString('utf8').split('\n');
    },
    end: (): string[] => (rest.length === 0 ? [] : [rest.toString('utf8')]),
  };
};

/**
 * Yields whole lines. With `isOver` the file is followed: it ends when `isOver()` was true before a read that found
 * nothing more, or when the signal aborts. Without it the file is read once. A missing file has no lines.
 */
export async function* readLines(
  path: string,
  { isOver = () => true, signal }: { readonly isOver?: () => boolean; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  let file = tryOpen(path);
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const splitter = createLineSplitter();
  try {
    while (!signal.aborted) {
      const over = isOver();
      file ??= tryOpen(path);
      const length = file === undefined ? 0 : readSync(file, buffer, 0, CHUNK_BYTES, null);
      if (length > 0) yield* splitter.push(buffer.subarray(0, length));
      else if (over) break;
      else await pause(POLL_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
    yield* splitter.end();
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
