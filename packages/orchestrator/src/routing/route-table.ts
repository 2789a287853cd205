/** Which targets a repository feeds, over all teams: a pure function of the teams and stacks that are loaded. */

import { parseGitRepository, type App, type Stack, type Team } from '@tekton-dag/model';
import type { Target } from './target.ts';

export interface RouteTable {
  /** In the order of team and stack file; empty for an unknown repository. Case does not matter. */
  find(host: string, repository: string): readonly Target[];
}

const NONE: readonly Target[] = Object.freeze([]);

/**
 * A repository without a host is on its team's forge. Stack files that are not loaded are left out. An app with a home
 * stack (`homeStacks`, app to stack file) is fed in that stack alone.
 */
export function buildRouteTable(
  teams: readonly Team[],
  stacks: ReadonlyMap<string, Stack>,
  homeStacks: ReadonlyMap<string, string> = new Map(),
): RouteTable {
  const byRepository = new Map<string, Target[]>();
  for (const team of teams.toSorted((a, b) => compareText(a.name, b.name))) {
    for (const stackFile of [...new Set(team.stacks)].toSorted(compareText)) {
      const stack = stacks.get(stackFile);
      if (stack === undefined) continue;
      const isAtHome = ({ name }: App): boolean => (homeStacks.get(name) ?? stackFile) === stackFile;
      for (const [key, apps] of groupByRepository(stack.apps.filter(isAtHome), team.host)) {
        addTarget(byRepository, key, { team, stack, stackFile, apps });
      }
    }
  }
  return { find: (host, repository) => byRepository.get(repositoryKey(host, repository)) ?? NONE };
}

function addTarget(byRepository: Map<string, Target[]>, key: string, target: Target): void {
  const known = byRepository.get(key);
  if (known === undefined) byRepository.set(key, [target]);
  else known.push(target);
}

/** Key to the sorted names of the apps that the repository feeds. */
function groupByRepository(apps: readonly App[], host: string): ReadonlyMap<string, readonly string[]> {
  const byKey = new Map<string, string[]>();
  for (const { name, repo } of apps) {
    const key = keyOfRepo(repo, host);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [name]);
    else known.push(name);
  }
  for (const names of byKey.values()) names.sort(compareText);
  return byKey;
}

function keyOfRepo(repo: string, host: string): string {
  const parsed = parseGitRepository(repo);
  return parsed.ok ? repositoryKey(parsed.value.host ?? host, parsed.value.fullName) : '';
}

function repositoryKey(host: string, repository: string): string {
  return `${host}/${repository}`.toLowerCase();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
