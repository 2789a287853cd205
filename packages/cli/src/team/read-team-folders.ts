/** readTeamFolders: every folder of teams, with what is wrong with its values.yaml. */

import { err, ok, parseTeam, type Diagnostic, type Result } from '@tekton-dag/model';
import { readTextFile, refuseLength } from '@tekton-dag/orchestrator';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseTeamValues } from '../chart/index.ts';
import { findHelmDifferences } from './find-helm-differences.ts';
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
    readParsed(teamPath, added, withText(parseTeam)),
    readParsed(valuesPath, added, withText(parseTeamValues)),
  ]);
  const folder = {
    name,
    teamPath,
    valuesPath,
    team: team?.ok === true ? team.value.parsed : undefined,
    keys: new Set(team?.ok === true ? keysOf(team.value.text) : []),
    values: values?.ok === true ? values.value.parsed : undefined,
    hasValues: values !== undefined,
  };
  const forHelm = values === undefined ? [] : [...textsOf(team, teamPath), ...textsOf(values, valuesPath)];
  const differences = forHelm.flatMap(({ text, file }) => findHelmDifferences(text, file));
  return { folder, problems: [...(values?.ok === false ? values.error : []), ...differences] };
}

interface WithText<T> {
  readonly parsed: T;
  readonly text: string;
}

function withText<T>(parseText: Parse<T>): Parse<WithText<T>> {
  return (text, file) => {
    const parsed = parseText(text, file);
    return parsed.ok ? ok({ parsed: parsed.value, text }) : parsed;
  };
}

/** Of a file that can be read. */
function textsOf(
  read: Parsed<{ readonly text: string }>,
  file: string,
): readonly { readonly text: string; readonly file: string }[] {
  return read?.ok === true ? [{ text: read.value.text, file }] : [];
}

function keysOf(teamText: string): readonly string[] {
  return Object.keys(anyKeys.parse(parse(teamText)));
}

/** Undefined for a file that is not there. */
async function readParsed<T>(path: string, added: AddedTexts, parseText: Parse<T>): Promise<Parsed<T>> {
  const text = added.get(path) ?? (await readTextFile(path).catch(toError));
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
  if (!(error instanceof Error)) throw error;
  return { message: error.message, code: 'code' in error ? error.code : undefined };
}
