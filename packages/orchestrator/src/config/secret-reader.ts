/** createSecretReader: reads secrets from the files that settings name, and keeps what is wrong with them. */

import { Secret } from '../secret.ts';
import type { ConfigProblem } from './config-problem.ts';

/** Reads a file as text, or throws. */
export type ReadTextFile = (path: string) => string;

export interface SecretReader {
  readonly problems: readonly ConfigProblem[];
  /** The trimmed text of the file that setting `key` names; none where the setting is absent, or the file is bad. */
  read(key: string, path: string | undefined, minLength: number): readonly Secret[];
  /** As `read`, of a secret that is there at times only: none while there is no such file. */
  readIfThere(key: string, path: string | undefined, minLength: number): readonly Secret[];
  /** What else is wrong with a secret that was read. */
  report(problem: ConfigProblem): void;
}

export function createSecretReader(readFile: ReadTextFile): SecretReader {
  const problems: ConfigProblem[] = [];
  const read = (key: string, path: string, minLength: number): readonly Secret[] => {
    const text = readFile(path).trim();
    if (text.length >= minLength) return [new Secret(text)];
    problems.push({ key, message: `the file ${path} must hold at least ${minLength} characters` });
    return [];
  };
  const tell = (key: string, path: string, error: unknown): readonly Secret[] => {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ key, message: `the file ${path} cannot be read: ${reason}` });
    return [];
  };
  return {
    problems,
    report: (problem) => {
      problems.push(problem);
    },
    read: (key, path, minLength) => {
      if (path === undefined) return [];
      try {
        return read(key, path, minLength);
      } catch (error) {
        return tell(key, path, error);
      }
    },
    readIfThere: (key, path, minLength) => {
      if (path === undefined) return [];
      try {
        return read(key, path, minLength);
      } catch (error) {
        return isAbsence(error) ? [] : tell(key, path, error);
      }
    },
  };
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
