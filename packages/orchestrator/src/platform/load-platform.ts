/** createPlatformLoader: teams and stacks from their files, as one snapshot. */

import {
  locateValue,
  parseRegistry,
  parseStack,
  parseTeam,
  type Path,
  type Place,
  type Registry,
  type Stack,
  type Team,
} from '@tekton-dag/model';
import { hash } from 'node:crypto';
import { createRouteTableBuilder, type RouteTableBuilder } from '../routing/route-table.ts';
import type { Conflict, LoadedStack, LoadedTeam } from './conflict.ts';
import type { DefaultNamespaceOf } from './find-clashes.ts';
import { createFileCache, MISSING_FILE, type FileCache, type ParsedFile } from './file-cache.ts';
import { dropDuplicateStacks, dropDuplicateTeams, findDoubts, findMissingStacks } from './find-conflicts.ts';
import type { PlatformFiles, TeamListing } from './platform-files.ts';
import type { PlatformProblem } from './platform-problem.ts';
import type { PlatformSnapshot } from './platform-snapshot.ts';

export interface PlatformLoader {
  /**
   * Never rejects for a file's sake: what cannot be read or parsed is a problem of the snapshot. Gives `previous` itself
   * when no file has changed, and its teams when there are none to be found any more.
   */
  load(previous?: PlatformSnapshot): Promise<PlatformSnapshot>;
}

export interface LoaderOptions {
  readonly files: PlatformFiles;
  readonly defaultNamespaceOf: DefaultNamespaceOf;
}

interface Caches {
  readonly teams: FileCache<Team>;
  readonly stacks: FileCache<Stack>;
  readonly registry: FileCache<Registry>;
  readonly routes: RouteTableBuilder;
}

interface ReadFile<T> extends ParsedFile<T> {
  readonly path: string;
}

/** Files that are read at once; between them, others have their turn. */
const BATCH_SIZE = 16;
/** Enough to see what is wrong; the rest is counted. */
const MAX_CONFLICTS = 100;

export function createPlatformLoader(options: LoaderOptions): PlatformLoader {
  const caches: Caches = {
    teams: createFileCache(parseTeam),
    stacks: createFileCache(parseStack),
    registry: createFileCache(parseRegistry),
    routes: createRouteTableBuilder(),
  };
  return { load: (previous) => load(options, caches, previous) };
}

async function load(
  options: LoaderOptions,
  caches: Caches,
  previous: PlatformSnapshot | undefined,
): Promise<PlatformSnapshot> {
  const { files } = options;
  const listing = await listTeams(files);
  if (previous !== undefined && previous.teams.size > 0 && listing.paths.length === 0) {
    return keepPrevious(previous, listing.problem ?? noTeamLeft());
  }
  const teamFiles = await readAll(caches.teams, listing.paths, files);
  const registry = await readRegistry(caches.registry, listing, files);
  const homeStacks = homeStacksOf(registry?.value);
  const loaded = teamFiles.flatMap(({ path, value }) =>
    value === undefined ? [] : [{ path, team: giveStacks(value, homeStacks) }],
  );
  const stackFiles = [...new Set(loaded.flatMap(({ team }) => team.stacks))].sort();
  const stackReads = await readAll(
    caches.stacks,
    stackFiles.map((file) => files.pathOfStack(file)),
    files,
  );
  const others = [...teamFiles, ...(registry === undefined ? [] : [registry])];
  const read = [...others, ...stackReads];
  const digest = digestOf(read, listing);
  if (digest === previous?.digest) return previous;
  const stacks = new Map(
    stackReads.flatMap(({ path, value }, index) =>
      value === undefined ? [] : [[stackFiles[index] ?? '', { path, stack: value }] as const],
    ),
  );
  const missing = new Set(stackFiles.filter((_, index) => isMissing(stackReads[index])));
  return assemble(options, caches.routes, {
    loaded,
    stacks,
    missing,
    homeStacks,
    digest,
    problems: problemsOf([...others, ...stackReads.filter((stack) => !isMissing(stack))], listing),
    files: read.map(({ path }) => path),
  });
}

async function listTeams(
  files: PlatformFiles,
): Promise<TeamListing & { readonly problem?: PlatformProblem }> {
  try {
    return await files.listTeams();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { paths: [], problem: problemOfAll(message, 'no-teams') };
  }
}

function noTeamLeft(): PlatformProblem {
  return problemOfAll('no team file is there any more; the teams stay as they were', 'no-teams');
}

function problemOfAll(message: string, code: string): PlatformProblem {
  return { file: 'teams', line: 1, column: 1, message, code, severity: 'error' };
}

function keepPrevious(previous: PlatformSnapshot, problem: PlatformProblem): PlatformSnapshot {
  const digest = `${problem.message} ${previous.digest.split(' ').at(-1)}`;
  return digest === previous.digest ? previous : Object.freeze({ ...previous, digest, problems: [problem] });
}

async function readAll<T>(
  cache: FileCache<T>,
  paths: readonly string[],
  files: PlatformFiles,
): Promise<readonly ReadFile<T>[]> {
  const read: ReadFile<T>[] = [];
  for (let start = 0; start < paths.length; start += BATCH_SIZE) {
    const batch = paths.slice(start, start + BATCH_SIZE);
    const parsed = batch.map(async (path) => ({
      path,
      ...(await cache.read(path, files)),
    }));
    read.push(...(await Promise.all(parsed)));
  }
  cache.keep(paths);
  return read;
}

async function readRegistry(
  cache: FileCache<Registry>,
  { registryPath }: TeamListing,
  files: PlatformFiles,
): Promise<ReadFile<Registry> | undefined> {
  const [read] = await readAll(cache, registryPath === undefined ? [] : [registryPath], files);
  return read;
}

function homeStacksOf(registry: Registry | undefined): ReadonlyMap<string, string> {
  const entries = Object.entries(registry?.repos ?? {});
  return new Map(entries.map(([app, { stack }]) => [app, `stacks/${stack}`]));
}

/** The implicit team has the stacks of the registry, unless it lists its own. */
function giveStacks(team: Team, homeStacks: ReadonlyMap<string, string>): Team {
  if (team.stacks.length > 0 || homeStacks.size === 0) return team;
  return { ...team, stacks: [...new Set(homeStacks.values())].sort() };
}

function digestOf(
  read: readonly ReadFile<unknown>[],
  { problem }: { readonly problem?: PlatformProblem },
): string {
  const lines = read.map(({ path, digest }) => `${path} ${digest}`);
  return hash('sha256', [...lines, problem?.message ?? ''].join('\n'), 'base64');
}

function isMissing(read: ReadFile<unknown> | undefined): boolean {
  return read?.problems.some(({ code }) => code === MISSING_FILE) ?? false;
}

function problemsOf(
  read: readonly ReadFile<unknown>[],
  { problem }: { readonly problem?: PlatformProblem },
): readonly PlatformProblem[] {
  return [...(problem === undefined ? [] : [problem]), ...read.flatMap(({ problems }) => problems)];
}

interface Assembly {
  readonly loaded: readonly LoadedTeam[];
  readonly stacks: ReadonlyMap<string, LoadedStack>;
  /** Stack files that are told where teams list them. */
  readonly missing: ReadonlySet<string>;
  readonly homeStacks: ReadonlyMap<string, string>;
  readonly digest: string;
  readonly problems: readonly PlatformProblem[];
  readonly files: readonly string[];
}

async function assemble(
  options: LoaderOptions,
  routes: RouteTableBuilder,
  assembly: Assembly,
): Promise<PlatformSnapshot> {
  const { homeStacks, digest, files } = assembly;
  const named = dropDuplicateTeams(assembly.loaded);
  const resolved = dropDuplicateStacks(named.teams, assembly.stacks);
  const doubts = findDoubts(resolved.teams, assembly.stacks, options.defaultNamespaceOf);
  const missing = findMissingStacks(assembly.loaded, assembly.missing);
  const conflicts = [...named.conflicts, ...missing, ...resolved.conflicts, ...doubts];
  const teams = new Map(resolved.teams.map(({ team }) => [team.name, team]));
  const listed = new Set([...teams.values()].flatMap((team) => team.stacks));
  const stacks = new Map(
    [...assembly.stacks].flatMap(([file, { stack }]) => (listed.has(file) ? [[file, stack] as const] : [])),
  );
  return Object.freeze({
    teams,
    stacks,
    routes: await routes.build({ teams: [...teams.values()], stacks, homeStacks }),
    homeStacks,
    problems: [...assembly.problems, ...(await locateAll(conflicts, options.files))],
    files,
    digest,
    loadedAtMs: Date.now(),
  });
}

async function locateAll(
  conflicts: readonly Conflict[],
  files: PlatformFiles,
): Promise<readonly PlatformProblem[]> {
  const problems: PlatformProblem[] = [];
  for (const conflict of conflicts.slice(0, MAX_CONFLICTS)) {
    const { at, ...words } = conflict;
    problems.push({ ...words, ...(await locate(files, conflict.file, at)) });
  }
  const more = conflicts.length - problems.length;
  if (more <= 0) return problems;
  return [...problems, problemOfAll(`${more} more conflicts between teams`, 'more-conflicts')];
}

async function locate(files: PlatformFiles, file: string, at: Path): Promise<Place> {
  const place = await files.placeOf?.(file, at);
  return place ?? locateValue(await files.readText(file).catch(() => ''), file, at);
}
