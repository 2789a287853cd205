/** What is wrong with teams and stacks only when they are seen together; pure. */

import { wordsOfRule } from '@tekton-dag/model';
import type { Conflict, LoadedStack, LoadedTeam } from './conflict.ts';
import { findClaims } from './find-claims.ts';
import { findClashes, type DefaultNamespaceOf } from './find-clashes.ts';

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

/** What loads and yet may not be meant. */
export function findDoubts(
  loaded: readonly LoadedTeam[],
  stacks: ReadonlyMap<string, LoadedStack>,
  defaultNamespaceOf: DefaultNamespaceOf,
): readonly Conflict[] {
  return [
    ...teamsWithoutStacks(loaded),
    ...findClaims(loaded, stacks),
    ...findClashes(loaded, stacks, defaultNamespaceOf),
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
