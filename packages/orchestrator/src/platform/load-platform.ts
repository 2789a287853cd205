/** Loads teams and their stacks from the disk. */

import { parseStack, parseTeam, type Diagnostic, type Result, type Team } from '@tekton-dag/model';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildRouteTable } from '../routing/route-table.ts';
import type { PlatformSnapshot } from './platform-snapshot.ts';

type Loaded<T> = { readonly value?: T; readonly problems: readonly string[] };

/** Never throws for a file's sake: what cannot be read or parsed is a problem of the snapshot. */
export async function loadPlatform(directories: {
  readonly platformDir: string;
  readonly teamsDir: string;
}): Promise<PlatformSnapshot> {
  const teamFiles = await listTeamFiles(directories.teamsDir);
  const loadedTeams = await Promise.all(teamFiles.map((path) => loadFile(path, parseTeam)));
  const { teams, problems } = indexTeams(loadedTeams.flatMap(({ value }) => value ?? []));
  const stackFiles = [...new Set([...teams.values()].flatMap((team) => team.stacks))].sort();
  const loadedStacks = await Promise.all(
    stackFiles.map(async (file) => ({
      file,
      ...(await loadFile(join(directories.platformDir, file), parseStack)),
    })),
  );
  const stacks = new Map(
    loadedStacks.flatMap(({ file, value }) => (value === undefined ? [] : [[file, value] as const])),
  );
  return Object.freeze({
    teams,
    stacks,
    routes: buildRouteTable([...teams.values()], stacks),
    problems: [
      ...loadedTeams.flatMap((team) => team.problems),
      ...problems,
      ...loadedStacks.flatMap((stack) => stack.problems),
    ],
  });
}

async function listTeamFiles(teamsDir: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(teamsDir, { withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name);
    // ConfigMap volumes have directories of their own that begin with two dots.
    return names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => join(teamsDir, name, 'team.yaml'));
  } catch {
    return [];
  }
}

function indexTeams(teams: readonly Team[]): {
  teams: ReadonlyMap<string, Team>;
  problems: readonly string[];
} {
  const byName = Map.groupBy(teams, ({ name }) => name);
  const problems = [...byName]
    .filter(([, same]) => same.length > 1)
    .map(([name, same]) => `team ${name} is defined ${same.length} times`);
  return { teams: new Map(teams.map((team) => [team.name, team])), problems };
}

async function loadFile<T>(
  path: string,
  parse: (text: string, file: string) => Result<T, readonly Diagnostic[]>,
): Promise<Loaded<T>> {
  try {
    const parsed = parse(await readFile(path, 'utf8'), path);
    return parsed.ok
      ? { value: parsed.value, problems: [] }
      : { problems: parsed.error.map(describeDiagnostic) };
  } catch (error) {
    return { problems: [`${path}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

function describeDiagnostic({ file, line, column, message }: Diagnostic): string {
  return `${file}:${line}:${column}: ${message}`;
}
