/** Conflict: what is wrong with teams and stacks only when they are seen together. */

import type { Path, Stack, Team } from '@tekton-dag/model';
import type { PlatformProblem } from './platform-problem.ts';

export interface LoadedTeam {
  readonly path: string;
  readonly team: Team;
}

export interface LoadedStack {
  readonly path: string;
  readonly stack: Stack;
}

/** A problem of the value at `at` in a file; where that stands is found out when somebody has to be told. */
export interface Conflict extends Pick<PlatformProblem, 'file' | 'message' | 'hint' | 'code' | 'severity'> {
  readonly at: Path;
}
