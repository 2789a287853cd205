/** appsNamespacesOf: the namespaces that the apps of a team's release run in, as the chart finds them. Pure. */

import type { Stack, Team } from '@tekton-dag/model';
import type { TeamValues } from '../chart/index.ts';
import type { TeamFolder } from './team-folder.ts';

export interface AppsOfRelease {
  readonly team: Team;
  readonly values: TeamValues;
  /** By path. */
  readonly stacks: ReadonlyMap<string, Stack>;
}

/** Sorted. Apps whose stack names none are in `apps.defaultNamespace`, else in the release's. */
export function appsNamespacesOf({ team, values, stacks }: AppsOfRelease): readonly string[] {
  const { namespaces = [] } = values.apps ?? {};
  const fallback = appsDefaultOf({ team, values });
  const files = [...team.stacks, ...(values.teams ?? []).flatMap((further) => further.stacks)];
  const apps = files.flatMap((file) => stacks.get(file)?.apps ?? []);
  return [...new Set([...namespaces, ...apps.map((app) => app.namespace ?? fallback)])].sort();
}

/** Where a release's apps go that name no namespace. */
function appsDefaultOf({ team, values }: Omit<AppsOfRelease, 'stacks'>): string {
  const { defaultNamespace = '' } = values.apps ?? {};
  return defaultNamespace === '' ? team.namespace : defaultNamespace;
}

/** The same by the names of teams; teams without a release are not among them. */
export function findAppsDefaults(folders: readonly TeamFolder[]): ReadonlyMap<string, string> {
  return new Map(
    folders.flatMap(({ team, values }) => {
      if (team === undefined || values === undefined) return [];
      const names = [team.name, ...(values.teams ?? []).map(({ name }) => name)];
      return names.map((name) => [name, appsDefaultOf({ team, values })] as const);
    }),
  );
}
