/** createDirectoryFiles: teams and stacks on the disk; without a teams directory, the implicit team of the registry. */

import { present } from '@tekton-dag/model';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImplicitTeam } from '../config/platform-settings.ts';
import type { PlatformFiles, TeamListing } from './platform-files.ts';
import { readTextFile } from './read-text-file.ts';

export interface DirectoryFilesOptions {
  /** Holds `<team>/team.yaml`. */
  readonly teamsDir: string;
  /** `stacks/...` is relative to it. */
  readonly platformDir: string;
  /** Who owns the stacks where there is no teams directory. */
  readonly implicitTeam: ImplicitTeam | undefined;
  readonly added?: AddedFiles;
}

/** What is seen as if it were on the disk. */
export interface AddedFiles extends Pick<PlatformFiles, 'placeOf'> {
  /** Team files: path to text. */
  readonly teams: ReadonlyMap<string, string>;
  /** Stack files, which count where the disk has none: path to text. */
  readonly stacks: ReadonlyMap<string, string>;
}

/** Shown in problems of a team that only settings describe. */
const SETTINGS = 'settings';
const NS_PER_MS = 1_000_000n;
const SETTLED_AFTER_MS = 2_000n;

/** A teams directory that was seen once is awaited when it is away: the implicit team does not take its place. */
export function createDirectoryFiles(options: DirectoryFilesOptions): PlatformFiles {
  const { platformDir, teamsDir, implicitTeam, added = NOTHING_ADDED } = options;
  let wasSeen = false;
  return {
    listTeams: async () => {
      const paths = withAdded(await listTeamFiles(teamsDir), added.teams);
      wasSeen ||= paths !== undefined;
      if (paths !== undefined) return { paths };
      if (wasSeen) throw new Error(`${teamsDir} is not there any more`);
      return listImplicitTeam(options);
    },
    pathOfStack: (stackFile) => join(platformDir, stackFile),
    stampOf: stampOfFile,
    readText: async (path) => {
      if (path === SETTINGS && implicitTeam?.kind === 'settings') return implicitTeam.text;
      return added.teams.get(path) ?? readOr(path, added.stacks.get(path));
    },
    ...present({ placeOf: added.placeOf }),
  };
}

const NOTHING_ADDED: AddedFiles = { teams: new Map(), stacks: new Map() };

/** `otherwise` where there is no such file. */
async function readOr(path: string, otherwise: string | undefined): Promise<string> {
  try {
    return await readTextFile(path);
  } catch (error) {
    if (otherwise !== undefined && isMissing(error)) return otherwise;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** A file that changed a moment ago may change again within the same tick of the file system's clock. */
async function stampOfFile(path: string): Promise<string | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    const isSettled = BigInt(Date.now()) - ctimeNs / NS_PER_MS > SETTLED_AFTER_MS;
    return isSettled ? `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}` : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when there is no such directory. */
async function listTeamFiles(teamsDir: string): Promise<readonly string[] | undefined> {
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
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function withAdded(
  paths: readonly string[] | undefined,
  added: ReadonlyMap<string, string>,
): readonly string[] | undefined {
  return added.size === 0 ? paths : [...new Set([...(paths ?? []), ...added.keys()])].sort();
}

function listImplicitTeam({ implicitTeam, platformDir, teamsDir }: DirectoryFilesOptions): TeamListing {
  if (implicitTeam === undefined) {
    throw new Error(
      `there is no directory ${teamsDir}: make it, or set TEKTON_DAG_DEFAULT_TEAM_FILE, or TEKTON_DAG_IMAGE_REGISTRY and TEKTON_DAG_GIT_URL`,
    );
  }
  const path = implicitTeam.kind === 'file' ? implicitTeam.path : SETTINGS;
  return { paths: [path], registryPath: join(platformDir, 'stacks/registry.yaml') };
}
