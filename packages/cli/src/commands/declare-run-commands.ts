/** Declares `tekton-dag run ...`: starting runs and looking at them. */

import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { OUTPUT_FORMATS } from '../render/objects.ts';
import { addClusterOptions } from './cluster-options.ts';
import { collect, parsePositiveInteger } from './option-parsers.ts';
import { declareRunScriptCommands } from './declare-run-script-commands.ts';
import type { RunCreateOptions } from './run-create.ts';
import type { RunListOptions } from './run-list.ts';
import type { RunGetOptions } from './run-get.ts';
import type { RunLogsOptions } from './run-logs.ts';
import type { RunCancelOptions } from './run-cancel.ts';
import type { ClusterOptions } from '../open-cluster.ts';
import type { Execute } from './execute.ts';

const outputOption = (): Option =>
  new Option('-o, --output <format>', 'form of the result').choices(OUTPUT_FORMATS);

/** Adds the group to `program`. */
export function declareRunCommands(program: Command, host: CliHost, execute: Execute): void {
  const run = program.command('run').helpCommand(false).description('start, follow and end runs');
  declareCreate(run, host, execute);
  declareList(run, host, execute);
  declareGet(run, host, execute);
  declareWatch(run, host, execute);
  declareLogs(run, host, execute);
  declareCancel(run, host, execute);
  declareRunScriptCommands(run, host, execute);
}

function declareCreate(run: Command, host: CliHost, execute: Execute): void {
  const create = run
    .command('create')
    .description('start a run as the orchestrator would')
    .addOption(
      new Option('--mode <mode>', 'kind of run')
        .choices(['pr', 'bootstrap', 'merge', 'verify'])
        .default('pr'),
    )
    .requiredOption('--stack <file>', 'stack file, as a path inside the platform repository')
    .option('--stack-file <path>', 'the path in the platform repository, when --stack is elsewhere')
    .option('--team <file>', 'team.yaml: registry, repository, namespace and more')
    .option('--app <name>', 'changed app')
    .option('--pr <number>', 'pull request', parsePositiveInteger)
    .option('--repository <owner/name>', "repository of the pull request (default: the app's)")
    .option('--sha <sha>', 'commit to test or release')
    .option('--registry <host/path>', 'image registry')
    .option('--git-url <url>', 'platform repository')
    .option('--git-revision <revision>', 'revision of the platform repository')
    .option('--apps <names>', 'bootstrap only these apps, separated by commas')
    .option('--force-rebuild', 'build although an image of the same content exists')
    .option('--backend <name>', 'intercept backend')
    .option('--version-overrides <json>', 'app to version')
    .option('--attempt <number>', 'number of a rerun', parsePositiveInteger, 1)
    .option('--new-attempt', 'another run, whatever there was before')
    .option('--ssh-secret <name>', 'secret with the key that reads the repositories')
    .option('--registry-secret <name>', "secret with Docker's config.json: users of the registries")
    .option('--build-cache <claim>', 'claim that keeps the downloads of the build tools')
    .option('--param <name=value>', 'any pipeline param; repeatable', collect)
    .option('--catalog-url <url>', 'fetch tasks and pipelines from this Git repository')
    .option('--catalog-revision <commit>', 'commit of it')
    .option('--catalog-secret <name>', 'secret whose key token reads it')
    .option('--dry-run', 'print the object and create nothing')
    .option('-w, --watch', 'follow the run until it is done')
    .option('--results', 'with --watch: print the results of a run that succeeded')
    .addOption(outputOption());
  addClusterOptions(create).action((_options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-create.ts')).runCreate(host, command.optsWithGlobals<RunCreateOptions>()),
    ),
  );
}

function declareList(run: Command, host: CliHost, execute: Execute): void {
  const list = run
    .command('list')
    .description('list runs, newest first')
    .option('-A, --all-namespaces', 'of all namespaces')
    .option('--team <name>', 'of one team')
    .option('--stack <name>', 'of one stack')
    .addOption(
      new Option('--mode <mode>', 'of one kind').choices(['pr', 'bootstrap', 'merge', 'continue', 'verify']),
    )
    .option('--pr <number>', 'of one pull request', parsePositiveInteger)
    .addOption(outputOption());
  addClusterOptions(list).action((_options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-list.ts')).runList(host, command.optsWithGlobals<RunListOptions>()),
    ),
  );
}

function declareGet(run: Command, host: CliHost, execute: Execute): void {
  const get = run
    .command('get')
    .argument('<name>', 'name of the run')
    .description('print one run')
    .addOption(outputOption());
  addClusterOptions(get).action((name: string, _options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-get.ts')).runGet(host, name, command.optsWithGlobals<RunGetOptions>()),
    ),
  );
}

function declareWatch(run: Command, host: CliHost, execute: Execute): void {
  const watch = run
    .command('watch')
    .argument('<name>', 'name of the run')
    .description('follow a run as a tree of tasks with times; exits 1 when the run fails');
  addClusterOptions(watch).action((name: string, _options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-watch.ts')).runWatch(host, name, command.optsWithGlobals<ClusterOptions>()),
    ),
  );
}

function declareLogs(run: Command, host: CliHost, execute: Execute): void {
  const logs = run
    .command('logs')
    .argument('<name>', 'name of the run')
    .description("print the logs of a run's steps")
    .option('-f, --follow', 'go on until the run is done')
    .option('--task <name>', 'only this task or app')
    .option('--step <name>', 'only this step')
    .option('--tail <lines>', 'only the last lines of each step', parsePositiveInteger);
  addClusterOptions(logs).action((name: string, _options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-logs.ts')).runLogs(host, name, command.optsWithGlobals<RunLogsOptions>()),
    ),
  );
}

function declareCancel(run: Command, host: CliHost, execute: Execute): void {
  const cancel = run
    .command('cancel')
    .argument('<name>', 'name of the run')
    .description('end a run; its cleanup still happens')
    .option('--now', 'skip the cleanup too');
  addClusterOptions(cancel).action((name: string, _options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-cancel.ts')).runCancel(host, name, command.optsWithGlobals<RunCancelOptions>()),
    ),
  );
}
