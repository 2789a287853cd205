/** readCheckout: all teams and stacks of a checkout and what is wrong with them, alone and together. */

import { describeProblem, readPlatform, readTextFile, type PlatformProblem } from '@tekton-dag/orchestrator';
import { locateValue, type Path, type Place, type Stack, type Team } from '@tekton-dag/model';
import { basename } from 'node:path';
import { findAppsDefaults } from './apps-namespaces.ts';
import { findContradictions } from './find-contradictions.ts';
import { findOutwardLinks } from './find-outward-links.ts';
import { listFurtherTeams } from './list-further-teams.ts';
import { listGivenStacks } from './list-given-stacks.ts';
import { readTeamFolders, type AddedTexts } from './read-team-folders.ts';

export interface CheckoutPlace {
  /** `stacks/...` is relative to it. */
  readonly platformDir: string;
  /** Holds `<team>/team.yaml` and `<team>/values.yaml`. */
  readonly teamsDir: string;
  /** Of apps that name none. */
  readonly defaultNamespace: string;
  /** Problems of files below it are told with paths from there. */
  readonly cwd: string;
  /** Files of teams that are not on the disk yet, seen as if they were. */
  readonly added?: AddedTexts;
}

export interface Checkout {
  readonly teams: ReadonlyMap<string, Team>;
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly problems: readonly CheckoutProblem[];
}

export interface CheckoutProblem {
  readonly severity: PlatformProblem['severity'];
  /** `<severity>: <file>:<line>:<column>: <message> (<hint>)`. */
  readonly line: string;
}

/** Never rejects for a file's sake. Platforms without values.yaml have no problems but those that the service would find. */
export async function readCheckout(place: CheckoutPlace): Promise<Checkout> {
  const { cwd, teamsDir, platformDir, defaultNamespace, added = new Map<string, string>() } = place;
  const { folders, problems } = await readTeamFolders(teamsDir, added);
  const links = await findOutwardLinks(teamsDir, platformDir);
  const further = listFurtherTeams(folders);
  const appsDefaults = findAppsDefaults(folders);
  const locate = async (file: string, at: Path): Promise<Place> =>
    locateValue(added.get(file) ?? (await readTextFile(file).catch(() => '')), file, at);
  const snapshot = await readPlatform({
    teamsDir,
    platformDir,
    defaultNamespaceOf: (team) => appsDefaults.get(team.name) ?? defaultNamespace,
    added: {
      teams: new Map([...teamFilesOf(added), ...further.map(({ path, text }) => [path, text] as const)]),
      stacks: listGivenStacks(folders, platformDir),
      placeOf: async (path, at) => {
        const team = further.find((each) => each.path === path);
        return team === undefined ? undefined : await locate(team.file, [...team.at, ...at]);
      },
    },
  });
  const contradictions = findContradictions(folders, snapshot.stacks).map(async ({ at, ...problem }) => ({
    ...problem,
    ...(await locate(problem.file, at)),
  }));
  const all = [
    // What is wrong with one of the further teams alone is told at its place in values.yaml.
    ...snapshot.problems.filter(({ file }) => !further.some(({ path }) => path === file)),
    ...problems.map((problem) => ({ ...problem, severity: 'error' as const })),
    ...links.map((problem) => ({ ...problem, severity: 'error' as const })),
    ...(await Promise.all(contradictions)),
  ];
  const { teams, stacks } = snapshot;
  return { teams, stacks, problems: all.map((problem) => toLine(problem, cwd)) };
}

function teamFilesOf(added: AddedTexts): readonly (readonly [string, string])[] {
  return [...added].filter(([path]) => basename(path) === 'team.yaml');
}

function toLine(problem: PlatformProblem, cwd: string): CheckoutProblem {
  const { severity } = problem;
  // A message may name another file.
  const line = describeProblem(problem).replaceAll(`${cwd}/`, '');
  return { severity, line: `${severity}: ${line}` };
}
