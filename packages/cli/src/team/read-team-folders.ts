/** readTeamFolders: every folder of teams, with what is wrong with its values.yaml. */

import { err, ok, parseTeam, type Diagnostic, type Result, type Team } from '@tekton-dag/model';
import { refuseLength } from '@tekton-dag/orchestrator';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseTeamValues } from '../chart/index.ts';
import type { TeamFolder } from './team-folder.ts';

export interface TeamFolders {
  readonly folders: readonly TeamFolder[];
  /** Of values files alone: those of team files are told by who loads the platform. */
  readonly problems: readonly Diagnostic[];
}

/** Path to text of files in folders of teams that are not on the disk yet. */
export type AddedTexts = ReadonlyMap<string, string>;

const anyKeys = z.record(z.string(), z.unknown());

type Parse<T> = (text: string, file: string) => Result<T, Diagnostic[]>;
type Parsed<T> = Result<T, Diagnostic[]> | undefined;

/** In the order of their names, with the folders of added texts; one whose name begins with a dot is none. */
export async function readTeamFolders(teamsDir: string, added: AddedTexts): Promise<TeamFolders> {
  const addedNames = [...added.keys()].map((path) => basename(dirname(path)));
  const names = [...new Set([...(await listFolders(teamsDir)), ...addedNames])].sort();
  const read = await Promise.all(names.map((name) => readFolder(teamsDir, name, added)));
  return {
    folders: read.map(({ folder }) => folder),
    problems: read.flatMap(({ problems }) => problems),
  };
}

async function listFolders(teamsDir: string): Promise<readonly string[]> {
  const entries = await readdir(teamsDir, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  return folders.map(({ name }) => name).filter((name) => !name.startsWith('.'));
}

async function readFolder(
  teamsDir: string,
  name: string,
  added: AddedTexts,
): Promise<{ readonly folder: TeamFolder; readonly problems: readonly Diagnostic[] }> {
  const teamPath = join(teamsDir, name, 'team.yaml');
  const valuesPath = join(teamsDir, name, 'values.yaml');
  const [team, values] = await Promise.all([
    readParsed(teamPath, added, parseTeamWithKeys),
    readParsed(valuesPath, added, parseTeamValues),
  ]);
  const folder = {
    name,
    teamPath,
    valuesPath,
    team: team?.ok === true ? team.value.team : undefined,
    keys: new Set(team?.ok === true ? team.value.keys : []),
    values: values?.ok === true ? values.value : undefined,
    hasValues: values !== undefined,
  };
  return { folder, problems: values?.ok === false ? values.error : [] };
}

function parseTeamWithKeys(
  text: string,
  file: string,
): Result<{ readonly team: Team; readonly keys: readonly string[] }, Diagnostic[]> {
  const team = parseTeam(text, file);
  if (!team.ok) return team;
  return ok({ team: team.value, keys: Object.keys(anyKeys.parse(parse(text))) });
}

/** Undefined for a file that is not there. */
async function readParsed<T>(path: string, added: AddedTexts, parseText: Parse<T>): Promise<Parsed<T>> {
  const text = added.get(path) ?? (await readFile(path, 'utf8').catch(toError));
  if (typeof text !== 'string') {
    if (text.code === 'ENOENT') return undefined;
    return refuse(path, { message: `cannot be read: ${text.message}`, code: 'unreadable' });
  }
  const tooLong = refuseLength(text);
  return tooLong === undefined ? parseText(text, path) : refuse(path, tooLong);
}

function refuse(file: string, words: Pick<Diagnostic, 'message' | 'code'>): Result<never, Diagnostic[]> {
  return err([{ file, line: 1, column: 1, ...words }]);
}

function toError(error: unknown): { readonly message: string; readonly code: unknown } {
  if (error instanceof Error && 'code' in error) return { message: error.message, code: error.code };
  throw error;
}
