/** readCheckout: all teams and stacks of a checkout and what is wrong with them, alone and together. */

import { describeProblem, readPlatform, type PlatformProblem } from '@tekton-dag/orchestrator';
import { locateValue, type Stack, type Team } from '@tekton-dag/model';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Contradiction } from './check-release.ts';
import { findContradictions } from './find-contradictions.ts';
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
  const { teamsDir, added = new Map<string, string>() } = place;
  const teamFiles = new Map([...added].filter(([path]) => basename(path) === 'team.yaml'));
  const [snapshot, { folders, problems }] = await Promise.all([
    readPlatform({ ...place, added: teamFiles }),
    readTeamFolders(teamsDir, added),
  ]);
  const contradictions = findContradictions(folders, snapshot.stacks);
  const all = [
    ...snapshot.problems,
    ...problems.map((problem) => ({ ...problem, severity: 'error' as const })),
    ...(await Promise.all(contradictions.map((contradiction) => locate(contradiction, added)))),
  ];
  const { teams, stacks } = snapshot;
  return { teams, stacks, problems: all.map((problem) => toLine(problem, place.cwd)) };
}

async function locate({ at, ...problem }: Contradiction, added: AddedTexts): Promise<PlatformProblem> {
  const text = added.get(problem.file) ?? (await readFile(problem.file, 'utf8').catch(() => ''));
  return { ...problem, ...locateValue(text, problem.file, at) };
}

function toLine(problem: PlatformProblem, cwd: string): CheckoutProblem {
  const base = `${cwd}/`;
  const file = problem.file.startsWith(base) ? problem.file.slice(base.length) : problem.file;
  const { severity } = problem;
  return { severity, line: `${severity}: ${describeProblem({ ...problem, file })}` };
}
