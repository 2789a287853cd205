/** validateTeams: what `tekton-dag team validate` says of team folders, in a checkout of its own with the stacks of this one. */

import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { CHECKOUT } from './render-release.ts';
import { runProgram } from './run-program.ts';

export interface TeamInput {
  readonly team: Readonly<Record<string, unknown>>;
  /** Keys of the chart. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The words of each problem, without the place in a file. */
export async function validateTeams(teams: readonly TeamInput[]): Promise<readonly string[]> {
  const root = await mkdtemp(join(tmpdir(), 'tekton-dag-teams-'));
  try {
    await cp(join(CHECKOUT, 'stacks'), join(root, 'stacks'), { recursive: true });
    await Promise.all(
      teams.map(async (input, index) => await writeFolder(join(root, `teams/t${index}`), input)),
    );
    const program = join(CHECKOUT, 'packages/cli/bin/tekton-dag.js');
    const { stdout } = await runProgram(process.execPath, [program, 'team', 'validate', root]);
    return [...stdout.matchAll(/^error: .*?:\d+:\d+: (.*)$/gm)].map(([, words = '']) => words);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function writeFolder(folder: string, { team, values = {} }: TeamInput): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'team.yaml'), stringify(team));
  await writeFile(join(folder, 'values.yaml'), stringify(values));
}
