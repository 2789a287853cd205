/** writeTeams: many teams, each with a stack of its own whose apps call each other in a row. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ManyTeams {
  readonly teams: number;
  /** Of each team; each app has a repository of its own. */
  readonly apps: number;
}

/** Into `<directory>/teams` and `<directory>/stacks`; another `note` makes every file another one. */
export async function writeTeams(
  directory: string,
  { teams, apps }: ManyTeams,
  note = 'first',
): Promise<void> {
  await mkdir(join(directory, 'stacks'), { recursive: true });
  for (let team = 0; team < teams; team += 1) {
    await writeFile(join(directory, `stacks/team-${team}.yaml`), stackText(team, apps, note));
    await writeTeam(directory, team, note);
  }
}

export async function writeTeam(directory: string, team: number, note: string): Promise<void> {
  await mkdir(join(directory, `teams/team-${team}`), { recursive: true });
  await writeFile(join(directory, `teams/team-${team}/team.yaml`), teamText(team, note));
}

export const repositoryOf = (team: number, app: number): string => `acme/team-${team}-app-${app}`;

function teamText(team: number, note: string): string {
  return `# ${note}
name: team-${team}
namespace: tekton-pipelines
imageRegistry: registry.example.com/acme/team-${team}
maxConcurrentRuns: 5
stacks:
  - stacks/team-${team}.yaml
gitUrl: https://github.com/acme/platform
`;
}

function stackText(team: number, apps: number, note: string): string {
  const texts = Array.from({ length: apps }, (_, app) => appText(team, app, app + 1 < apps));
  return `# ${note}
name: team-${team}
description: What team ${team} runs
defaults:
  namespace: team-${team}
apps:
${texts.join('')}`;
}

function appText(team: number, app: number, hasNext: boolean): string {
  return `  - name: app-${team}-${app}
    repo: ${repositoryOf(team, app)}
    role: ${app === 0 ? 'frontend' : 'middleware'}
    build:
      tool: npm
      node-version: "24"
${hasNext ? `    downstream:\n      - app-${team}-${app + 1}\n` : ''}    tests:
      command: [npm, test]
`;
}
