/** createProgram: the command tree; bodies are loaded only when they run, so help and completion stay fast. */

import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import type { CliHost } from './cli-host.ts';
import { declareCatalogCommands } from './commands/declare-catalog-commands.ts';
import { declareClusterCommands } from './commands/declare-cluster-commands.ts';
import { declareImageCommands } from './commands/declare-image-commands.ts';
import { declareLocalCommands } from './commands/declare-local-commands.ts';
import { declareRunCommands } from './commands/declare-run-commands.ts';
import { declareStackCommands } from './commands/declare-stack-commands.ts';
import { declareTeamCommands } from './commands/declare-team-commands.ts';
import { declareToolCommands } from './commands/declare-tool-commands.ts';
import { declareWebhookCommands } from './commands/declare-webhook-commands.ts';
import type { Execute } from './commands/execute.ts';

/** Builds the tree; parsing it throws CommanderError for usage errors and help. */
export function createProgram(host: CliHost, execute: Execute): Command {
  const program = new Command('tekton-dag')
    .description('Tests a pull request of one service inside the whole running stack.')
    .option('--no-color', 'plain text (so does NO_COLOR)')
    .version(`tekton-dag ${manifest.version}`, '--version', 'print the version')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      outputError: (text, write) => write(text.replace(/\(Did you mean (.*)\)/, 'hint: did you mean $1')),
      getOutHelpWidth: () => host.columns,
      getErrHelpWidth: () => host.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  declareStackCommands(program, host, execute);
  declareTeamCommands(program, host, execute);
  declareRunCommands(program, host, execute);
  declareLocalCommands(program, host, execute);
  declareCatalogCommands(program, host, execute);
  declareClusterCommands(program, host, execute);
  declareWebhookCommands(program, host, execute);
  declareImageCommands(program, host, execute);
  declareToolCommands(program, host, execute);
  return program;
}
