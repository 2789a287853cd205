/** Declares `tekton-dag team ...`: what can be said about all teams of a checkout without a cluster. */

import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { OUTPUT_FORMATS } from '../render/objects.ts';
import type { Execute } from './execute.ts';
import type { TeamListOptions } from './team-list.ts';
import type { TeamOptions } from './team-options.ts';

/** Adds the group to `program`. */
export function declareTeamCommands(program: Command, host: CliHost, execute: Execute): void {
  const team = program
    .command('team')
    .helpCommand(false)
    .description('read all teams of a checkout with their stacks: list, validate');
  addOptions(team.command('list'))
    .addOption(new Option('-o, --output <format>', 'form of the result').choices(OUTPUT_FORMATS))
    .description('list the teams')
    .action((directory: string, _options: unknown, command: Command) =>
      execute(async () =>
        (await import('./team-list.ts')).teamList(
          host,
          directory,
          command.optsWithGlobals<TeamListOptions>(),
        ),
      ),
    );
  addOptions(team.command('validate'))
    .description('report every problem of the files, and what does not fit together')
    .action((directory: string, _options: unknown, command: Command) =>
      execute(async () =>
        (await import('./team-validate.ts')).teamValidate(
          host,
          directory,
          command.optsWithGlobals<TeamOptions>(),
        ),
      ),
    );
}

function addOptions(command: Command): Command {
  return command
    .argument('[directory]', 'checkout of the platform repository', '.')
    .option('--teams <directory>', 'holds <team>/team.yaml (default: teams in the checkout)')
    .option('--namespace <namespace>', 'namespace of apps that name none', 'staging');
}
