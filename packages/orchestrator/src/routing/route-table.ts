/** Which targets a repository feeds, over all teams: a pure function of the teams and stacks that are loaded. */

import { parseGitRepository, type App, type Stack, type Team } from '@tekton-dag/model';
import { setImmediate } from 'node:timers/promises';
import type { Target } from './target.ts';

export interface RouteTable {
  /** In the order of team and stack file; empty for an unknown repository. Case does not matter. */
  find(host: string, repository: string): readonly Target[];
}

const NONE: readonly Target[] = Object.freeze([]);
const NO_HOMES: ReadonlyMap<string, string> = new Map();
const TEAMS_AT_ONCE = 64;

/**
 * What a table is made of. A repository without a host is on its team's forge. Stack files that are not loaded are left
 * out. An app with a home stack (app to stack file) is fed in that stack alone.
 */
export interface RoutingInput {
  readonly teams: readonly Team[];
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly homeStacks?: ReadonlyMap<string, string>;
}

export interface RouteTableBuilder {
  /** In small steps: others have their turn between them. */
  build(input: RoutingInput): Promise<RouteTable>;
}

/** Key of a repository, and its targets within one team. */
type Route = readonly [key: string, targets: readonly Target[]];

/** What the routes of a team were made of. */
interface KnownRoutes {
  readonly stacks: readonly (Stack | undefined)[];
  readonly homeStacks: ReadonlyMap<string, string>;
  readonly routes: readonly Route[];
}

/** Remembers the routes of teams: where little has changed, little is made anew. */
export function createRouteTableBuilder(): RouteTableBuilder {
  const known = new WeakMap<Team, KnownRoutes>();
  return {
    build: async (input) => {
      const byRepository = new Map<string, readonly Target[]>();
      for (const [index, team] of inOrder(input.teams).entries()) {
        if (index % TEAMS_AT_ONCE === TEAMS_AT_ONCE - 1) await setImmediate();
        addRoutes(byRepository, recallRoutes(known, team, input));
      }
      return tableOf(byRepository);
    },
  };
}

/** A table for one time, at once. */
export function buildRouteTable(
  teams: readonly Team[],
  stacks: ReadonlyMap<string, Stack>,
  homeStacks: ReadonlyMap<string, string> = NO_HOMES,
): RouteTable {
  const byRepository = new Map<string, readonly Target[]>();
  for (const team of inOrder(teams)) addRoutes(byRepository, routesOfTeam(team, stacks, homeStacks));
  return tableOf(byRepository);
}

function inOrder(teams: readonly Team[]): readonly Team[] {
  return teams.toSorted((a, b) => compareText(a.name, b.name));
}

function tableOf(byRepository: ReadonlyMap<string, readonly Target[]>): RouteTable {
  return { find: (host, repository) => byRepository.get(repositoryKey(host, repository)) ?? NONE };
}

function addRoutes(byRepository: Map<string, readonly Target[]>, routes: readonly Route[]): void {
  for (const [key, targets] of routes) {
    const others = byRepository.get(key);
    byRepository.set(key, others === undefined ? targets : [...others, ...targets]);
  }
}

function recallRoutes(
  known: WeakMap<Team, KnownRoutes>,
  team: Team,
  { stacks, homeStacks = NO_HOMES }: RoutingInput,
): readonly Route[] {
  const now = { stacks: team.stacks.map((file) => stacks.get(file)), homeStacks };
  const before = known.get(team);
  if (isSame(before, now)) return before.routes;
  const routes = routesOfTeam(team, stacks, homeStacks);
  known.set(team, { ...now, routes });
  return routes;
}

function isSame(before: KnownRoutes | undefined, now: Omit<KnownRoutes, 'routes'>): before is KnownRoutes {
  if (before === undefined) return false;
  const withoutHomes = before.homeStacks.size === 0 && now.homeStacks.size === 0;
  const sameHomes = withoutHomes || before.homeStacks === now.homeStacks;
  return sameHomes && now.stacks.every((stack, index) => stack === before.stacks[index]);
}

function routesOfTeam(
  team: Team,
  stacks: ReadonlyMap<string, Stack>,
  homeStacks: ReadonlyMap<string, string>,
): readonly Route[] {
  const routes = new Map<string, Target[]>();
  for (const stackFile of [...new Set(team.stacks)].toSorted(compareText)) {
    const stack = stacks.get(stackFile);
    if (stack === undefined) continue;
    const isAtHome = ({ name }: App): boolean => (homeStacks.get(name) ?? stackFile) === stackFile;
    for (const [key, apps] of groupByRepository(stack.apps.filter(isAtHome), team.host)) {
      const target = { team, stack, stackFile, apps };
      const targets = routes.get(key);
      if (targets === undefined) routes.set(key, [target]);
      else targets.push(target);
    }
  }
  return [...routes];
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
