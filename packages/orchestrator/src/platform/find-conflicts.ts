/** What is wrong with teams and stacks only when they are seen together; pure. */

import { parseGitRepository, wordsOfRule } from '@tekton-dag/model';
import type { Conflict, LoadedStack, LoadedTeam } from './conflict.ts';
import { findClaims } from './find-claims.ts';

export interface ResolvedTeams {
  readonly teams: readonly LoadedTeam[];
  readonly conflicts: readonly Conflict[];
}

/** The first file with a name has it; files of that name after it are left out. */
export function dropDuplicateTeams(loaded: readonly LoadedTeam[]): ResolvedTeams {
  const first = new Map<string, LoadedTeam>();
  const conflicts: Conflict[] = [];
  for (const entry of loaded) {
    const { name } = entry.team;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, entry);
    else conflicts.push(duplicateTeam(entry, earlier));
  }
  return { teams: [...first.values()], conflicts };
}

function duplicateTeam({ path, team }: LoadedTeam, earlier: LoadedTeam): Conflict {
  return {
    file: path,
    at: ['name'],
    message: `the team ${JSON.stringify(team.name)} is already in ${earlier.path}; this file is left out`,
    hint: 'give each team a name of its own',
    code: 'duplicate-team',
    severity: 'error',
  };
}

/** Names of runs are made of the stack's name: of two stacks with one name in a team, the second is left out. */
export function dropDuplicateStacks(
  loaded: readonly LoadedTeam[],
  stacks: ReadonlyMap<string, LoadedStack>,
): ResolvedTeams {
  const conflicts: Conflict[] = [];
  const teams = loaded.map((entry) => {
    const found = duplicateStacks(entry, stacks);
    if (found.length === 0) return entry;
    conflicts.push(...found.map(({ conflict }) => conflict));
    const dropped = new Set(found.map(({ index }) => index));
    const kept = entry.team.stacks.filter((_, index) => !dropped.has(index));
    return { ...entry, team: { ...entry.team, stacks: kept } };
  });
  return { teams, conflicts };
}

function duplicateStacks(
  { path, team }: LoadedTeam,
  stacks: ReadonlyMap<string, LoadedStack>,
): readonly { readonly index: number; readonly conflict: Conflict }[] {
  const first = new Map<string, string>();
  return team.stacks.flatMap((stackFile, index) => {
    const name = stacks.get(stackFile)?.stack.name;
    if (name === undefined) return [];
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, stackFile);
      return [];
    }
    const same = earlier === stackFile;
    const message = same
      ? `${stackFile} is listed twice`
      : `${stackFile} has the same name as ${earlier}, ${JSON.stringify(name)}; it is left out of the team`;
    const conflict: Conflict = {
      file: path,
      at: ['stacks', index],
      message,
      hint: same ? 'take one of them out' : 'give each stack of a team a name of its own',
      code: 'duplicate-stack',
      severity: same ? 'warning' : 'error',
    };
    return [{ index, conflict }];
  });
}

/** A stack file that is not there, at each team that lists it. */
export function findMissingStacks(
  loaded: readonly LoadedTeam[],
  missing: ReadonlySet<string>,
): readonly Conflict[] {
  return loaded.flatMap(({ path, team }) =>
    team.stacks.flatMap((file, index): readonly Conflict[] => {
      if (!missing.has(file)) return [];
      const words = wordsOfRule('missingStackFile', { file });
      return [{ file: path, at: ['stacks', index], ...words, severity: 'error' }];
    }),
  );
}

/** What loads and yet may not be meant. `defaultNamespace` is that of apps that name none. */
export function findDoubts(
  loaded: readonly LoadedTeam[],
  stacks: ReadonlyMap<string, LoadedStack>,
  defaultNamespace: string,
): readonly Conflict[] {
  return [
    ...teamsWithoutStacks(loaded),
    ...findClaims(loaded, stacks),
    ...sharedPlaces(loaded, stacks, defaultNamespace),
  ];
}

function teamsWithoutStacks(loaded: readonly LoadedTeam[]): readonly Conflict[] {
  return loaded
    .filter(({ team }) => team.stacks.length === 0)
    .map(({ path }) => ({
      file: path,
      at: ['stacks'],
      message: 'the team has no stack, so no repository leads to it',
      code: 'no-stack',
      severity: 'warning',
    }));
}

/** Two programs that want to be the Deployment of one name in one namespace. */
function sharedPlaces(
  loaded: readonly LoadedTeam[],
  stacks: ReadonlyMap<string, LoadedStack>,
  defaultNamespace: string,
): readonly Conflict[] {
  const tenants = tenantsOf(loaded, stacks, defaultNamespace);
  return [...tenants.values()].flatMap(({ namespace, entries }) =>
    entries.size > 1 ? clashesIn(namespace, [...entries], defaultNamespace) : [],
  );
}

interface Tenants {
  readonly namespace: string;
  readonly entries: Set<LoadedStack>;
}

/** The stacks with apps in a namespace, for each; most are alone there, and names are unique within a stack. */
function tenantsOf(
  loaded: readonly LoadedTeam[],
  stacks: ReadonlyMap<string, LoadedStack>,
  defaultNamespace: string,
): ReadonlyMap<string, Tenants> {
  const tenants = new Map<string, Tenants>();
  for (const { team } of loaded) {
    for (const entry of team.stacks.flatMap((file) => stacks.get(file) ?? [])) {
      for (const namespace of new Set(entry.stack.apps.map((app) => app.namespace ?? defaultNamespace))) {
        const place = `${team.cluster ?? ''} ${namespace}`;
        const known = tenants.get(place) ?? { namespace, entries: new Set() };
        known.entries.add(entry);
        tenants.set(place, known);
      }
    }
  }
  return tenants;
}

function clashesIn(
  namespace: string,
  entries: readonly LoadedStack[],
  defaultNamespace: string,
): readonly Conflict[] {
  const first = new Map<string, { readonly repo: string; readonly path: string }>();
  return entries.flatMap(({ path, stack }) =>
    stack.apps.flatMap((app, index): readonly Conflict[] => {
      if ((app.namespace ?? defaultNamespace) !== namespace) return [];
      const taken = first.get(app.name);
      if (taken === undefined) first.set(app.name, { repo: app.repo, path });
      if (taken === undefined || isSameRepository(taken.repo, app.repo)) return [];
      return [sharedPlace(path, index, app.name, { ...taken, namespace })];
    }),
  );
}

function sharedPlace(
  file: string,
  index: number,
  app: string,
  taken: { readonly repo: string; readonly path: string; readonly namespace: string },
): Conflict {
  return {
    file,
    at: ['apps', index, 'name'],
    message: `${app} in namespace ${taken.namespace} is also ${taken.repo} of ${taken.path}: they overwrite each other`,
    hint: 'give one of them another name or namespace',
    code: 'shared-namespace',
    severity: 'warning',
  };
}

function isSameRepository(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parseGitRepository(a), parseGitRepository(b)];
  return left.ok && right.ok && left.value.fullName.toLowerCase() === right.value.fullName.toLowerCase();
}
