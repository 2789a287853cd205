/** Declares the commands that run inside a cluster: serve, router, tap, step. */

import type { Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import type { ClusterOptions } from '../open-cluster.ts';
import { addClusterOptions } from './cluster-options.ts';
import { parsePort } from './option-parsers.ts';
import type { RouterCommandOptions } from './router.ts';
import type { TapCommandOptions } from './tap.ts';
import type { Execute } from './execute.ts';

/** Adds the commands to `program`. */
export function declareClusterCommands(program: Command, host: CliHost, execute: Execute): void {
  const serve = program
    .command('serve')
    .description('run the orchestrator; settings come from TEKTON_DAG_* variables');
  addClusterOptions(serve).action((_options: unknown, command: Command) =>
    execute(
      async () => (await import('./serve.ts')).serve(host, command.optsWithGlobals<ClusterOptions>()),
      'service',
    ),
  );
  const router = program
    .command('router')
    .description('run the router of a namespace')
    .option('--bind-address <address>', 'address to listen on (default: POD_IP)')
    .option('--admin-port <port>', 'port of health, metrics and evidence', parsePort, 15_021);
  addClusterOptions(router).action((_options: unknown, command: Command) =>
    execute(
      async () => (await import('./router.ts')).router(host, command.optsWithGlobals<RouterCommandOptions>()),
      'service',
    ),
  );
  declareTap(program, host, execute);
  program
    .command('step')
    .argument('<name>', 'name of the step')
    .description('run one step of a Tekton task; its params come from the environment')
    .action((name: string) => execute(async () => (await import('./step.ts')).step(host, name)));
}

function declareTap(program: Command, host: CliHost, execute: Execute): void {
  const tap = program
    .command('tap')
    .description("hand one session's requests to a pull request's pods, as the end of an intercept")
    .requiredOption('--objects <file>', 'JSON: {services, httpRoutes}, the routed Service and the route')
    .requiredOption('--backend <service>', "Service on the pull request's pods")
    .option('--bind-address <address>', 'address to listen on', '0.0.0.0')
    .option('--admin-port <port>', 'port of health, metrics and evidence', parsePort, 15_021);
  addClusterOptions(tap).action((_options: unknown, command: Command) =>
    execute(
      async () => (await import('./tap.ts')).tap(host, command.optsWithGlobals<TapCommandOptions>()),
      'service',
    ),
  );
}
