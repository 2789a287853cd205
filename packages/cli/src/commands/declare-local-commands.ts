/** Declares `tekton-dag local ...`: the cluster on this machine. */

import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { collect, parsePort, parsePositiveInteger } from './option-parsers.ts';
import type { LocalDownOptions } from './local-down.ts';
import type { LocalKubeconfigOptions } from './local-kubeconfig.ts';
import type { LocalStatusOptions } from './local-status.ts';
import type { LocalUpOptions } from './local-up.ts';
import type { Execute } from './execute.ts';

const STATE_DIR = ['--state-dir <directory>', 'where the cluster keeps everything'] as const;

/** Adds the group to `program`. */
export function declareLocalCommands(program: Command, host: CliHost, execute: Execute): void {
  const local = program
    .command('local')
    .helpCommand(false)
    .description('run pipelines on this machine, without Kubernetes');
  declareUp(local, host, execute);
  local
    .command('down')
    .description('stop the local cluster; its state stays')
    .option(...STATE_DIR)
    .option('--timeout <seconds>', 'how long it may take to end', parsePositiveInteger, 60)
    .action((_options: unknown, command: Command) =>
      execute(async () =>
        (await import('./local-down.ts')).localDown(host, command.optsWithGlobals<LocalDownOptions>()),
      ),
    );
  local
    .command('status')
    .description('say whether the local cluster runs, and where; exits 4 when it does not')
    .option(...STATE_DIR)
    .addOption(new Option('-o, --output <format>', 'form of the result').choices(['json', 'yaml']))
    .action((_options: unknown, command: Command) =>
      execute(async () =>
        (await import('./local-status.ts')).localStatus(host, command.optsWithGlobals<LocalStatusOptions>()),
      ),
    );
  local
    .command('kubeconfig')
    .description('print the path of the kubeconfig')
    .option(...STATE_DIR)
    .option('--raw', 'print its content')
    .action((_options: unknown, command: Command) =>
      execute(async () =>
        (await import('./local-kubeconfig.ts')).localKubeconfig(
          host,
          command.optsWithGlobals<LocalKubeconfigOptions>(),
        ),
      ),
    );
}

function declareUp(local: Command, host: CliHost, execute: Execute): void {
  local
    .command('up')
    .description('start the local cluster and wait until it is ready')
    .option(...STATE_DIR)
    .option('--port <port>', 'port of the API; 0 takes a free one', parsePort, 0)
    .option('--registry-port <port>', 'port of the image registry; 0 takes a free one', parsePort, 0)
    .option('--visible-path <directory>', 'a directory that sandboxed steps may read; repeatable', collect)
    .option('--foreground', 'stay attached; Ctrl-C ends the cluster')
    .option('--timeout <seconds>', 'how long it may take to become ready', parsePositiveInteger, 60)
    .action((_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<LocalUpOptions>();
      return execute(
        async () => (await import('./local-up.ts')).localUp(host, options),
        options.foreground === true ? 'service' : 'job',
      );
    });
}
