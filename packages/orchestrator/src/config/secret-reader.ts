/** createSecretReader: reads secrets from the files that settings name, and keeps what is wrong with them. */

import { Secret } from '../secret.ts';
import type { ConfigProblem } from './config-problem.ts';

/** Reads a file as text, or throws. */
export type ReadTextFile = (path: string) => string;

export interface SecretReader {
  readonly problems: readonly ConfigProblem[];
  /** The trimmed text of the file that setting `key` names; none where the setting is absent, or the file is bad. */
  read(key: string, path: string | undefined, minLength: number): readonly Secret[];
  /** What else is wrong with a secret that was read. */
  report(problem: ConfigProblem): void;
}

export function createSecretReader(readFile: ReadTextFile): SecretReader {
  const problems: ConfigProblem[] = [];
  return {
    problems,
    report: (problem) => {
      problems.push(problem);
    },
    read: (key, path, minLength) => {
      if (path === undefined) return [];
      try {
        const text = readFile(path).trim();
        if (text.length >= minLength) return [new Secret(text)];
        problems.push({ key, message: `the file ${path} must hold at least ${minLength} characters` });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        problems.push({ key, message: `the file ${path} cannot be read: ${reason}` });
      }
      return [];
    },
  };
}
