/** The teams and stacks as they were loaded: one immutable value, replaced as a whole. */

import type { Stack, Team } from '@tekton-dag/model';
import type { RouteTable } from '../routing/route-table.ts';

export interface PlatformSnapshot {
  readonly teams: ReadonlyMap<string, Team>;
  /** By the path that teams use, e.g. `stacks/stack-one.yaml`. */
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly routes: RouteTable;
  /** One text per problem, `file:line:col: message`; a file with a problem is not in the maps. */
  readonly problems: readonly string[];
}
