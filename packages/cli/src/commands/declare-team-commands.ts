/** Declares `tekton-dag team ...`: what can be said and done about the teams of a checkout without a cluster. */

import { INTERCEPT_BACKENDS } from '@tekton-dag/model';
import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { OUTPUT_FORMATS } from '../render/objects.ts';
import type { Execute } from './execute.ts';
import { collect, parsePositiveInteger } from './option-parsers.ts';
import type { TeamAddOptions } from './team-add.ts';
import type { TeamListOptions } from './team-list.ts';
import type { TeamOptions } from './team-options.ts';

/** Adds the group to `program`. */
export function declareTeamCommands(program: Command, host: CliHost, execute: Execute): void {
  const team = program
    .command('team')
    .helpCommand(false)
    .description('the teams of a checkout with their stacks: list, validate, add');
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
  declareAdd(team, host, execute);
}

function declareAdd(team: Command, host: CliHost, execute: Execute): void {
  addTeamKeys(team.command('add'))
    .description('write team.yaml and values.yaml of a new team, validated together with the others')
    .argument('<name>', 'of the team and of its folder')
    .argument('[directory]', 'checkout of the platform repository', '.')
    .option('--teams <directory>', 'holds the folders of teams (default: teams in the checkout)')
    .option('--webhook-secret <name>', 'Secret with the HMAC secret of webhooks', 'tekton-dag-webhook')
    .option('--api-secret <name>', 'Secret with the token of the API', 'tekton-dag-api')
    .option('--forges-secret <name>', 'Secret with forges.yaml and what it names')
    .option('--postgres-secret <name>', 'Secret with the URL of a Postgres (default: SQLite on a claim)')
    .option('--ingress-host <host>', 'host name under which the forge reaches the orchestrator')
    .option('--ingress-class <name>', 'class of the Ingress')
    .option('--no-apps-accounts', 'another release makes the accounts in the namespaces of the apps')
    .option('--dry-run', 'print the files and write nothing')
    .action((name: string, directory: string, _options: unknown, command: Command) =>
      execute(async () =>
        (await import('./team-add.ts')).teamAdd(
          host,
          name,
          directory,
          command.optsWithGlobals<TeamAddOptions>(),
        ),
      ),
    );
}

function addTeamKeys(command: Command): Command {
  const backend = new Option('--intercept-backend <name>', 'how tagged traffic is sent to a pull request');
  return command
    .requiredOption('--image-registry <registry>', 'where images go, such as ghcr.io/acme')
    .requiredOption('--git-url <url>', 'the platform repository, which holds the stack files')
    .requiredOption('--stack <file>', 'stack file of the platform repository; repeatable', collect)
    .option('--git-revision <revision>', 'its branch, tag or commit (default: main)')
    .option('--namespace <namespace>', 'where its runs live (default: its name)')
    .option('--cluster <context>', 'where, if not on the cluster of the others')
    .option('--host <host>', "the forge's host name", 'github.com')
    .addOption(backend.choices(INTERCEPT_BACKENDS).default('gateway'))
    .option('--max-concurrent-runs <number>', 'runs at once (default: 3)', parsePositiveInteger)
    .option('--registry-secret <name>', "Secret with Docker's config.json: users of the registries")
    .option('--ssh-secret <name>', 'Secret with the key that reads the repositories')
    .option('--build-cache <claim>', 'volume claim for downloads of build tools; the release makes it');
}

function addOptions(command: Command): Command {
  return command
    .argument('[directory]', 'checkout of the platform repository', '.')
    .option('--teams <directory>', 'holds <team>/team.yaml (default: teams in the checkout)')
    .option('--namespace <namespace>', 'namespace of apps that name none', 'staging');
}
