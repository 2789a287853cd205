/** A target: one (team, stack, app) that a repository feeds. */

import type { Stack, Team } from '@tekton-dag/model';

export interface Target {
  readonly team: Team;
  readonly stack: Stack;
  /** As the team lists it, e.g. `stacks/stack-one.yaml`. */
  readonly stackFile: string;
  /** Name of the app in the stack. */
  readonly app: string;
}
