/** teamList: the teams of a checkout, one per line. */

import type { Team } from '@tekton-dag/model';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { renderObjects, type ObjectView, type OutputFormat } from '../render/objects.ts';
import { readCheckout } from '../team/read-checkout.ts';
import { assertDirectory, checkoutPlaceOf, type TeamOptions } from './team-options.ts';

export interface TeamListOptions extends TeamOptions {
  readonly output?: OutputFormat;
}

const VIEW: ObjectView<Team> = {
  nameOf: ({ name }) => `team/${name}`,
  headings: ['NAME', 'NAMESPACE', 'RUNS', 'WEIGHT', 'BACKEND', 'STACKS'],
  row: (team) => [
    team.name,
    team.namespace,
    String(team.maxConcurrentRuns),
    String(team.weight),
    team.interceptBackend,
    team.stacks.join(','),
  ],
  wideHeadings: ['CLUSTER', 'REGISTRY', 'BRANCHES', 'VERSIONS'],
  wideRow: (team) => [
    team.cluster ?? '-',
    team.imageRegistry,
    team.baseBranches.join(','),
    team.versionsFile,
  ],
};

/** Problems are told on stderr; an error among them makes the exit code 3. */
export async function teamList(host: CliHost, directory: string, options: TeamListOptions): Promise<number> {
  const place = checkoutPlaceOf(host, directory, options);
  assertDirectory(host, place.teamsDir);
  const { problems, teams } = await readCheckout(place);
  host.stdout.write(await renderObjects([...teams.values()], VIEW, options.output));
  for (const { line } of problems) host.stderr.write(`${line}\n`);
  return problems.some(({ severity }) => severity === 'error') ? EXIT.invalidInput : EXIT.ok;
}
