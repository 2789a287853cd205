/** PlatformProblem: what is wrong with the files of the platform, and where. */

import { printable, type Diagnostic } from '@tekton-dag/model';

/** An error keeps something from being loaded; a warning says that what was loaded may not be what was meant. */
export interface PlatformProblem extends Diagnostic {
  readonly severity: 'error' | 'warning';
}

/** One line: `file:line:column: message (hint)`. */
export function describeProblem({ file, line, column, message, hint }: PlatformProblem): string {
  return printable(`${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` (${hint})`}`);
}

/** One line for those who may not see what the files say: `file:line:column: code`. */
export function namePlaceOfProblem({ file, line, column, code }: PlatformProblem): string {
  return `${file}:${line}:${column}: ${code}`;
}
