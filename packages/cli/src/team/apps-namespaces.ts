/** appsNamespacesOf: the namespaces that the apps of a team's release run in, as the chart finds them. Pure. */

import type { Stack, Team } from '@tekton-dag/model';
import type { TeamValues } from '../chart/index.ts';

export interface AppsOfRelease {
  readonly team: Team;
  readonly values: TeamValues;
  /** By path. */
  readonly stacks: ReadonlyMap<string, Stack>;
}

/** Sorted. Apps whose stack names none are in `apps.defaultNamespace`, else in the release's. */
export function appsNamespacesOf({ team, values, stacks }: AppsOfRelease): readonly string[] {
  const { defaultNamespace = '', namespaces = [] } = values.apps ?? {};
  const fallback = defaultNamespace === '' ? team.namespace : defaultNamespace;
  const files = [...team.stacks, ...(values.teams ?? []).flatMap((further) => further.stacks)];
  const apps = files.flatMap((file) => stacks.get(file)?.apps ?? []);
  return [...new Set([...namespaces, ...apps.map((app) => app.namespace ?? fallback)])].sort();
}
