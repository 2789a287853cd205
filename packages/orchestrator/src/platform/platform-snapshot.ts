/** The teams and stacks as they were loaded: one immutable value, replaced as a whole. */

import type { Stack, Team } from '@tekton-dag/model';
import type { RouteTable } from '../routing/route-table.ts';
import type { PlatformProblem } from './platform-problem.ts';

export interface PlatformSnapshot {
  readonly teams: ReadonlyMap<string, Team>;
  /** By the path that teams use, e.g. `stacks/stack-one.yaml`. */
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly routes: RouteTable;
  /** The stack file that an app belongs to, by `stacks/registry.yaml`; empty where teams say what they own. */
  readonly homeStacks: ReadonlyMap<string, string>;
  /** Of all files. A file with an error is in the maps as it was when it was last good, if it ever was. */
  readonly problems: readonly PlatformProblem[];
  /** Paths of all files that were read, or could not be. */
  readonly files: readonly string[];
  /** Differs when any file differs. */
  readonly digest: string;
  readonly loadedAtMs: number;
}
