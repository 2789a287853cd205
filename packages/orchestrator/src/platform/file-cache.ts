/** createFileCache: parsed files, so that a reload parses what changed and a broken file stays as it was when it was good. */

import type { Diagnostic, Result } from '@tekton-dag/model';
import { hash } from 'node:crypto';
import type { PlatformFiles } from './platform-files.ts';
import type { PlatformProblem } from './platform-problem.ts';
import { refuseLength } from './refuse-length.ts';

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
  return refuseLength(text) ?? text;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
