/** selectVisible: the part of the platform that a caller may see. */

import type { Stack, Team } from '@tekton-dag/model';
import { mayIn, type Caller } from '../auth/caller.ts';
import type { PlatformSnapshot } from '../platform/platform-snapshot.ts';

export interface VisiblePlatform {
  readonly teams: ReadonlyMap<string, Team>;
  /** Those that a visible team lists. */
  readonly stacks: ReadonlyMap<string, Stack>;
  /** Stack file of an app, where the registry says it. */
  readonly homeStacks: ReadonlyMap<string, string>;
}

export function selectVisible(
  { teams, stacks, homeStacks }: Pick<PlatformSnapshot, 'teams' | 'stacks' | 'homeStacks'>,
  caller: Caller,
): VisiblePlatform {
  const visible = new Map([...teams].filter(([name]) => mayIn(caller, name, 'viewer')));
  const files = new Set([...visible.values()].flatMap((team) => team.stacks));
  return { teams: visible, stacks: new Map([...stacks].filter(([file]) => files.has(file))), homeStacks };
}
