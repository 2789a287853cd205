/** Which targets a repository feeds, over all teams: a pure function of the teams and stacks that are loaded. */

import { parseGitRepository, type Stack, type Team } from '@tekton-dag/model';
import type { Target } from './target.ts';

export interface RouteTable {
  /** In the order of team, stack file and app; empty for an unknown repository. Case does not matter. */
  find(host: string, repository: string): readonly Target[];
}

/** A repository without a host is on its team's forge. Stack files that are not loaded are left out. */
export function buildRouteTable(teams: readonly Team[], stacks: ReadonlyMap<string, Stack>): RouteTable {
  const byRepository = Map.groupBy(
    teams
      .toSorted((a, b) => compareText(a.name, b.name))
      .flatMap((team) => targetsOfTeam(team, stacks))
      .map((target) => ({ key: keyOfTarget(target), target })),
    ({ key }) => key,
  );
  return {
    find: (host, repository) =>
      (byRepository.get(repositoryKey(host, repository)) ?? []).map(({ target }) => target),
  };
}

function targetsOfTeam(team: Team, stacks: ReadonlyMap<string, Stack>): readonly Target[] {
  return [...new Set(team.stacks)].toSorted(compareText).flatMap((stackFile) => {
    const stack = stacks.get(stackFile);
    const apps = (stack?.apps ?? []).map(({ name }) => name).toSorted(compareText);
    return stack === undefined ? [] : apps.map((app) => ({ team, stack, stackFile, app }));
  });
}

function keyOfTarget({ team, stack, app }: Target): string {
  const repo = stack.apps.find(({ name }) => name === app)?.repo ?? '';
  const parsed = parseGitRepository(repo);
  return parsed.ok ? repositoryKey(parsed.value.host ?? team.host, parsed.value.fullName) : '';
}

function repositoryKey(host: string, repository: string): string {
  return `${host}/${repository}`.toLowerCase();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
