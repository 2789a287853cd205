/** Declares `tekton-dag catalog ...` and `tekton-dag namespace ...`: what runs need in a cluster. */

import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import type { CatalogApplyOptions } from './catalog-apply.ts';
import type { CatalogDiffOptions } from './catalog-diff.ts';
import type { CatalogPromoteOptions } from './catalog-promote.ts';
import { addClusterOptions, addContextOptions } from './cluster-options.ts';
import type { Execute } from './execute.ts';
import type { NamespaceBootstrapOptions } from './namespace-bootstrap.ts';
import { collect, parseNamespace, parseQuantity } from './option-parsers.ts';

const POD_SECURITY = ['privileged', 'baseline', 'restricted'];

/** Adds both groups to `program`. */
export function declareCatalogCommands(program: Command, host: CliHost, execute: Execute): void {
  const catalog = program
    .command('catalog')
    .helpCommand(false)
    .description('bring tasks and pipelines into a namespace');
  declareApply(catalog, host, execute);
  declareDiff(catalog, host, execute);
  declarePromote(catalog, host, execute);
  declareBootstrap(program, host, execute);
}

const checkoutOption = (): Option =>
  new Option('--checkout <directory>', "a checkout of tekton-dag (default: the program's own)");

function declareApply(catalog: Command, host: CliHost, execute: Execute): void {
  const apply = catalog
    .command('apply')
    .description("make a namespace's accounts, tasks and pipelines those of a checkout")
    .addOption(checkoutOption())
    .option('--dry-run', 'print the objects and apply nothing');
  addClusterOptions(apply).action((_options: unknown, command: Command) =>
    execute(async () =>
      (await import('./catalog-apply.ts')).catalogApply(host, command.optsWithGlobals<CatalogApplyOptions>()),
    ),
  );
}

function declareDiff(catalog: Command, host: CliHost, execute: Execute): void {
  const diff = catalog
    .command('diff')
    .description('print what catalog apply would change; exits 1 when there is something')
    .addOption(checkoutOption());
  addClusterOptions(diff).action((_options: unknown, command: Command) =>
    execute(async () =>
      (await import('./catalog-diff.ts')).catalogDiff(host, command.optsWithGlobals<CatalogDiffOptions>()),
    ),
  );
}

function declarePromote(catalog: Command, host: CliHost, execute: Execute): void {
  const promote = catalog
    .command('promote')
    .description('bring the tasks and pipelines of one namespace to another; prints what differs')
    .option('--from <namespace>', 'namespace that is copied', parseNamespace)
    .option('--from-checkout <directory>', 'checkout that is copied, in place of a namespace')
    .requiredOption('--to <namespace>', 'namespace that is changed', parseNamespace)
    .option('--to-context <name>', 'context of the cluster that --to is in (default: the same)')
    .option('--prune', 'remove from --to what the source does not have')
    .option('--dry-run', 'print what differs and change nothing');
  addContextOptions(promote).action((_options: unknown, command: Command) =>
    execute(async () =>
      (await import('./catalog-promote.ts')).catalogPromote(
        host,
        command.optsWithGlobals<CatalogPromoteOptions>(),
      ),
    ),
  );
}

function declareBootstrap(program: Command, host: CliHost, execute: Execute): void {
  const bootstrap = program
    .command('namespace')
    .helpCommand(false)
    .description('prepare namespaces for runs')
    .command('bootstrap')
    .argument('<namespace>', 'namespace of the runs', parseNamespace)
    .description('make a namespace that runs can work in; doing it again brings it up to date')
    .addOption(
      new Option('--apps-namespace <namespace>', 'namespace that runs deploy into; repeatable')
        .argParser(collectNamespaces)
        .default([], 'none'),
    )
    .option('--ssh-key <file>', 'private key that reads the repositories (secret git-ssh-key)')
    .option('--known-hosts <file>', "the forge's host keys, for --ssh-key")
    .option('--github-token <file>', 'token for the forge (secret github-token)')
    .option('--webhook-secret <file>', 'secret that signs webhooks (secret github-webhook-secret)')
    .option('--build-cache <size>', 'size of the claim build-cache', parseQuantity, '5Gi')
    .option('--storage-class <name>', "its storage class (default: the cluster's)")
    .addOption(
      new Option('--pod-security <level>', 'Pod Security Standard of a new namespace')
        .choices(POD_SECURITY)
        .default('baseline'),
    )
    .addOption(
      new Option('--apps-pod-security <level>', 'the same for new namespaces of apps')
        .choices(POD_SECURITY)
        .default('baseline'),
    )
    .addOption(checkoutOption())
    .option('--dry-run', 'print the objects, secrets masked, and apply nothing');
  addContextOptions(bootstrap).action((namespace: string, _options: unknown, command: Command) =>
    execute(async () =>
      (await import('./namespace-bootstrap.ts')).namespaceBootstrap(
        host,
        namespace,
        command.optsWithGlobals<NamespaceBootstrapOptions>(),
      ),
    ),
  );
}

function collectNamespaces(value: string, previous: readonly string[]): string[] {
  return collect(parseNamespace(value), previous);
}
