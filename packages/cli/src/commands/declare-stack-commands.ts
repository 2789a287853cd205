/** Declares `tekton-dag stack ...`: what can be said about stack files without a cluster. */

import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { OUTPUT_FORMATS } from '../render/objects.ts';
import { GRAPH_FORMATS } from '../render/graph-format.ts';
import { collect } from './option-parsers.ts';
import { parsePositiveInteger } from './option-parsers.ts';
import type { StackGraphOptions } from './stack-graph.ts';
import type { StackListOptions } from './stack-list.ts';
import type { StackPlanOptions } from './stack-plan.ts';
import type { Execute } from './execute.ts';

/** Adds the group to `program`. */
export function declareStackCommands(program: Command, host: CliHost, execute: Execute): void {
  const stack = program
    .command('stack')
    .helpCommand(false)
    .description('read stack files: list, validate, graph, plan');
  declareList(stack, host, execute);
  stack
    .command('validate')
    .argument('<files...>', 'stack, team.yaml, versions.yaml or registry.yaml files')
    .description('report every problem of the files with its line and column')
    .action((files: string[], _options: unknown, command: Command) =>
      execute(async () =>
        (await import('./stack-validate.ts')).stackValidate(host, files, command.optsWithGlobals()),
      ),
    );
  declareGraph(stack, host, execute);
  declarePlan(stack, host, execute);
}

function declareList(stack: Command, host: CliHost, execute: Execute): void {
  stack
    .command('list')
    .argument('[directory]', 'where the stack files are', 'stacks')
    .addOption(new Option('-o, --output <format>', 'form of the result').choices(OUTPUT_FORMATS))
    .description('list the stacks of a directory')
    .action((directory: string, _options: unknown, command: Command) =>
      execute(async () =>
        (await import('./stack-list.ts')).stackList(
          host,
          directory,
          command.optsWithGlobals<StackListOptions>(),
        ),
      ),
    );
}

function declareGraph(stack: Command, host: CliHost, execute: Execute): void {
  stack
    .command('graph')
    .argument('<file>', 'stack file')
    .addOption(
      new Option('--full', 'the picture; this is the default').conflicts([
        'topo',
        'entry',
        'chain',
        'validate',
      ]),
    )
    .addOption(
      new Option('--topo', 'all apps, callers before callees').conflicts(['entry', 'chain', 'validate']),
    )
    .addOption(new Option('--entry', 'apps that nobody calls').conflicts(['chain', 'validate']))
    .addOption(
      new Option('--chain <app>', 'the app and all it reaches, in propagation order').conflicts('validate'),
    )
    .option('--validate', 'print VALID, or the problems')
    .addOption(new Option('-o, --output <format>', 'form of the picture').choices(GRAPH_FORMATS))
    .description('print the graph, or a walk over it with one name per line')
    .action((file: string, _options: unknown, command: Command) =>
      execute(async () =>
        (await import('./stack-graph.ts')).stackGraph(
          host,
          file,
          command.optsWithGlobals<StackGraphOptions>(),
        ),
      ),
    );
}

function declarePlan(stack: Command, host: CliHost, execute: Execute): void {
  stack
    .command('plan')
    .argument('<file>', 'stack file')
    .addOption(new Option('--mode <mode>', 'kind of run').choices(['pr', 'bootstrap', 'merge']).default('pr'))
    .option('--app <app...>', 'changed apps')
    .option('--apps <app...>', 'bootstrap only these apps')
    .option('--pr <number>', 'pull request', parsePositiveInteger)
    .option('--repository <owner/name>', "repository of the pull request; default: the app's")
    .option('--team <file>', 'team.yaml')
    .option('--versions <file>', 'versions.yaml')
    .option('--version-overrides <json>', 'app to version')
    .option('--registry <host/path>', "image registry; default: the team's")
    .option('--revision <app=sha>', 'commit of an app; repeatable', collect)
    .addOption(new Option('-o, --output <format>', 'form of the result').choices(['json', 'yaml']))
    .description('say what a run would build, intercept and test; nothing is started')
    .action((file: string, _options: unknown, command: Command) =>
      execute(async () =>
        (await import('./stack-plan.ts')).stackPlan(host, file, command.optsWithGlobals<StackPlanOptions>()),
      ),
    );
}
