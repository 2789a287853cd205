/** A target: one (team, stack) that a repository feeds, with the apps that it feeds there. */

import type { Stack, Team } from '@tekton-dag/model';

export interface Target {
  readonly team: Team;
  readonly stack: Stack;
  /** As the team lists it, e.g. `stacks/stack-one.yaml`. */
  readonly stackFile: string;
  /** Names of apps in the stack, at least one, in order. */
  readonly apps: readonly string[];
}
