/** createFileCache: parsed files, so that a reload parses what changed and a broken file stays as it was when it was good. */

import type { Diagnostic, Result } from '@tekton-dag/model';
import { hash } from 'node:crypto';
import type { PlatformFiles } from './platform-files.ts';
import type { PlatformProblem } from './platform-problem.ts';

export interface ParsedFile<T> {
  /** As it is, or as it was when it was last good; undefined when it never was. */
  readonly value: T | undefined;
  readonly problems: readonly PlatformProblem[];
  /** Differs when the file differs. */
  readonly digest: string;
}

export interface FileCache<T> {
  /** Never rejects: what cannot be read is a problem of the file. */
  read(path: string, files: Pick<PlatformFiles, 'stampOf' | 'readText'>): Promise<ParsedFile<T>>;
  /** Forgets all other files. */
  keep(paths: Iterable<string>): void;
}

interface CachedFile<T> {
  /** Taken before the text was read. */
  readonly stamp: string | undefined;
  readonly file: ParsedFile<T>;
}

/** The code of the problem of a file that is not there. */
export const MISSING_FILE = 'missing-file';

/** No file that people write is so long; a longer one would stop the service while it is parsed. */
const MAX_CHARACTERS = 1024 * 1024;
/** Ten for each app of a stack of 3,000; to find duplicate keys takes time that grows with the square of their number. */
const MAX_COLONS = 30_000;

export function createFileCache<T>(
  parse: (text: string, file: string) => Result<T, readonly Diagnostic[]>,
): FileCache<T> {
  let cached = new Map<string, CachedFile<T>>();
  return {
    read: async (path, files) => {
      const known = cached.get(path);
      const stamp = await files.stampOf(path);
      if (known !== undefined && stamp !== undefined && stamp === known.stamp) return known.file;
      const text = await files.readText(path).catch(toError);
      const digest =
        typeof text === 'string' ? hash('sha256', text, 'base64') : `unreadable: ${text.message}`;
      const isSame = known?.file.digest === digest;
      const file = isSame ? known.file : { digest, ...parseText(parse, path, text, known?.file.value) };
      cached.set(path, { stamp, file });
      return file;
    },
    keep: (paths) => {
      const kept = [...paths].flatMap((path) => {
        const known = cached.get(path);
        return known === undefined ? [] : [[path, known] as const];
      });
      cached = new Map(kept);
    },
  };
}

function parseText<T>(
  parse: (text: string, file: string) => Result<T, readonly Diagnostic[]>,
  path: string,
  text: string | Error,
  lastGood: T | undefined,
): Omit<ParsedFile<T>, 'digest'> {
  const parsed = readable(text);
  if (typeof parsed !== 'string') {
    const problem = { file: path, line: 1, column: 1, severity: 'error', ...parsed } as const;
    return { value: lastGood, problems: [problem] };
  }
  const result = parse(parsed, path);
  if (result.ok) return { value: result.value, problems: [] };
  return { value: lastGood, problems: result.error.map((problem) => ({ ...problem, severity: 'error' })) };
}

function readable(text: string | Error): string | Pick<PlatformProblem, 'message' | 'code'> {
  if (typeof text !== 'string') {
    if ('code' in text && text.code === 'ENOENT') return { message: 'does not exist', code: MISSING_FILE };
    return { message: `cannot be read: ${text.message}`, code: 'unreadable' };
  }
  if (text.length > MAX_CHARACTERS) {
    return { message: `is longer than ${MAX_CHARACTERS} characters`, code: 'too-long' };
  }
  if (countColons(text) > MAX_COLONS)
    return { message: `has more than ${MAX_COLONS} keys`, code: 'too-long' };
  return text;
}

function countColons(text: string): number {
  let count = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count += 1;
  return count;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
