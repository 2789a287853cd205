/** Declares `run generate`, `run rerun`, `run repeat` and `run e2e`: what the scripts call, with the flags they always had. */

import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import type { GenerateOptions } from '../run/generate-options.ts';
import { addClusterOptions } from './cluster-options.ts';
import type { Execute } from './execute.ts';
import { collect, parsePositiveInteger } from './option-parsers.ts';
import type { RunE2eOptions } from './run-e2e.ts';
import type { RunRepeatOptions } from './run-repeat.ts';
import type { RunRerunOptions } from './run-rerun.ts';

/** Adds the commands to the group `run`. */
export function declareRunScriptCommands(run: Command, host: CliHost, execute: Execute): void {
  declareGenerate(run, host, execute);
  declareRerun(run, host, execute);
  declareRepeat(run, host, execute);
  declareE2e(run, host, execute);
}

/** Flags that generate and e2e share. */
function addRunOptions(command: Command): Command {
  return command
    .option('--team <file>', 'team.yaml: registry, repository, namespace and more')
    .option('--registry <host/path>', 'image registry (or IMAGE_REGISTRY)')
    .option('--git-url <url>', 'platform repository (or GIT_URL)')
    .option('--git-revision <revision>', 'revision of the platform repository (or GIT_REVISION)')
    .option('--app-revision <app:revision>', 'revision of an app (default: main); repeatable', collect)
    .option('--app-revisions-json <json>', 'app to revision')
    .option('--intercept-backend <name>', 'how tagged traffic is sent to the pull request')
    .option('--build-images', "compile with the registry's own build images")
    .option('--no-build-images', "choose images by tool and version, also where the team's file names some")
    .option('--ssh-secret <name>', 'secret with the key that reads the repositories (or GIT_SSH_SECRET_NAME)')
    .option('--build-cache <claim>', 'claim that keeps the downloads of the build tools')
    .option('--param <name=value>', 'any pipeline param; repeatable', collect)
    .option('--catalog-url <url>', 'fetch tasks and pipelines from this Git repository')
    .option('--catalog-revision <commit>', 'commit of it')
    .option('--catalog-secret <name>', 'secret whose key token reads it');
}

function declareGenerate(run: Command, host: CliHost, execute: Execute): void {
  const generate = run
    .command('generate')
    .description('print the PipelineRun of a change, or create it with --apply')
    .addOption(
      new Option('--mode <mode>', 'kind of run').choices(['pr', 'merge', 'bootstrap']).makeOptionMandatory(),
    )
    .option('--stack <file>', 'stack file; a bare name is looked for in stacks/')
    .option('--repo <app>', 'app of stacks/registry.yaml, in place of --stack and --app')
    .option('--app <name>', 'changed app')
    .option('--pr <number>', 'pull request', parsePositiveInteger)
    .option('--repository <owner/name>', "repository of the pull request (default: the app's)")
    .option('--version-overrides <json>', 'app to version')
    .option('--storage-class <name>', 'has no effect any more: runs share no volume')
    .option('--attempt <number>', 'number of a rerun', parsePositiveInteger, 1)
    .option('--apply', 'create what would be printed')
    .option('--dry-run', 'print only; this is the default');
  addClusterOptions(addRunOptions(generate)).action((_options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-generate.ts')).runGenerate(host, command.optsWithGlobals<GenerateOptions>()),
    ),
  );
}

function declareRerun(run: Command, host: CliHost, execute: Execute): void {
  const rerun = run
    .command('rerun')
    .argument('<name>', 'name of the failed run')
    .description('continue a failed run of a pull request where it failed; its images are used again')
    .option('--attempt <number>', 'number of this try', parsePositiveInteger, 1)
    .option('--param <name=value>', 'a param that wins over that of the failed run; repeatable', collect)
    .option('--dry-run', 'print the object and create nothing')
    .option('-w, --watch', 'follow the run until it is done');
  addClusterOptions(rerun).action((name: string, _options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-rerun.ts')).runRerun(host, name, command.optsWithGlobals<RunRerunOptions>()),
    ),
  );
}

function declareRepeat(run: Command, host: CliHost, execute: Execute): void {
  const repeat = run
    .command('repeat')
    .argument('<name>', 'name of the run')
    .description('do a run again with exactly its commits of platform, apps, tasks and pipelines')
    .option('--attempt <number>', 'number of this repetition', parsePositiveInteger, 1)
    .option('--catalog-secret <name>', 'secret whose key token reads the repository of the catalog')
    .option('--dry-run', 'print the object and create nothing')
    .option('-w, --watch', 'follow the run until it is done');
  addClusterOptions(repeat).action((name: string, _options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-repeat.ts')).runRepeat(host, name, command.optsWithGlobals<RunRepeatOptions>()),
    ),
  );
}

function declareE2e(run: Command, host: CliHost, execute: Execute): void {
  const e2e = run
    .command('e2e')
    .description('bootstrap a stack, then run a pull request through it, and follow both')
    .option('--stack <file>', 'stack file; a bare name is looked for in stacks/', 'stacks/stack-one.yaml')
    .option('--changed-app <name>', 'app of the pull request', 'demo-fe')
    .option('--pr <number>', 'pull request', parsePositiveInteger, 1)
    .option('--repository <owner/name>', "repository of the pull request (default: the app's)")
    .option('--skip-bootstrap', 'the stack is there already')
    .option('--skip-install-check', 'do not look for Tekton, Gateway API and the catalog first')
    .option('--no-verify-db', "do not look at the verdicts of the run's record");
  addClusterOptions(addRunOptions(e2e)).action((_options: unknown, command: Command) =>
    execute(async () =>
      (await import('./run-e2e.ts')).runE2e(host, command.optsWithGlobals<RunE2eOptions>()),
    ),
  );
}
