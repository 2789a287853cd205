/** Declares the small tools: doctor, completion, version. */

import { Argument, Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { SHELLS, type Shell } from '../render/completion.ts';
import { addClusterOptions } from './cluster-options.ts';
import type { DoctorOptions } from './doctor.ts';
import type { Execute } from './execute.ts';
import { collect } from './option-parsers.ts';

/** Adds the commands to `program`. */
export function declareToolCommands(program: Command, host: CliHost, execute: Execute): void {
  const doctor = program
    .command('doctor')
    .description('check programs, configuration, cluster and registry; exits 4 when something is missing')
    .option('--team <file>', 'team.yaml: namespace and registry')
    .option('--registry <host/path>', "image registry (default: the team's)")
    .option('--apps-namespace <namespace>', 'namespace that runs deploy into; repeatable', collect)
    .option('--tekton-namespace <namespace>', 'where Tekton runs', 'tekton-pipelines')
    .addOption(new Option('-o, --output <format>', 'form of the result').choices(['json', 'yaml']));
  addClusterOptions(doctor).action((_options: unknown, command: Command) =>
    execute(async () => (await import('./doctor.ts')).doctor(host, command.optsWithGlobals<DoctorOptions>())),
  );
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(SHELLS))
    .description('print a completion script')
    .action((shell: Shell) =>
      execute(async () => (await import('./completion.ts')).completion(host, program, shell)),
    );
  program
    .command('version')
    .description('print the versions of tekton-dag and Node')
    .addOption(new Option('-o, --output <format>', 'form of the result').choices(['json', 'yaml']))
    .action((options: { output?: 'json' | 'yaml' }) =>
      execute(async () => (await import('./version.ts')).version(host, options)),
    );
}
