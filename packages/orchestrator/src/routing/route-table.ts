/** Which targets a repository feeds, over all teams: a pure function of the teams and stacks that are loaded. */

import { parseGitRepository, type Stack, type Team } from '@tekton-dag/model';
import type { Target } from './target.ts';

export interface RouteTable {
  /** In the order of team and stack file; empty for an unknown repository. Case does not matter. */
  find(host: string, repository: string): readonly Target[];
}

/** A repository without a host is on its team's forge. Stack files that are not loaded are left out. */
export function buildRouteTable(teams: readonly Team[], stacks: ReadonlyMap<string, Stack>): RouteTable {
  const byRepository = Map.groupBy(
    teams.toSorted((a, b) => compareText(a.name, b.name)).flatMap((team) => targetsOfTeam(team, stacks)),
    ({ key }) => key,
  );
  return {
    find: (host, repository) =>
      (byRepository.get(repositoryKey(host, repository)) ?? []).map(({ target }) => target),
  };
}

interface KeyedTarget {
  readonly key: string;
  readonly target: Target;
}

function targetsOfTeam(team: Team, stacks: ReadonlyMap<string, Stack>): readonly KeyedTarget[] {
  return [...new Set(team.stacks)].toSorted(compareText).flatMap((stackFile) => {
    const stack = stacks.get(stackFile);
    if (stack === undefined) return [];
    const apps = stack.apps.toSorted((a, b) => compareText(a.name, b.name));
    const byKey = Map.groupBy(apps, ({ repo }) => keyOfRepo(repo, team));
    return [...byKey].map(([key, fed]) => ({
      key,
      target: { team, stack, stackFile, apps: fed.map(({ name }) => name) },
    }));
  });
}

function keyOfRepo(repo: string, team: Team): string {
  const parsed = parseGitRepository(repo);
  return parsed.ok ? repositoryKey(parsed.value.host ?? team.host, parsed.value.fullName) : '';
}

function repositoryKey(host: string, repository: string): string {
  return `${host}/${repository}`.toLowerCase();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
