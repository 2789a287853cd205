/** Declares `tekton-dag webhook ...` and `tekton-dag webhooks ...`: looking at deliveries, trying one, and configuring repositories. */

import type { Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { addClusterOptions } from './cluster-options.ts';
import { declareDeliveryCommands } from './declare-delivery-commands.ts';
import type { Execute } from './execute.ts';
import { parseHttpUrl } from './option-parsers.ts';
import type { WebhookSendOptions } from './webhook-send.ts';
import type { WebhooksConfigureOptions } from './webhooks-configure.ts';

/** Adds both groups to `program`. */
export function declareWebhookCommands(program: Command, host: CliHost, execute: Execute): void {
  const webhook = program
    .command('webhook')
    .helpCommand(false)
    .description('look at deliveries, and try webhooks');
  declareDeliveryCommands(webhook, host, execute);
  declareSend(webhook, host, execute);
  declareConfigure(program, host, execute);
}

function declareSend(webhook: Command, host: CliHost, execute: Execute): void {
  webhook
    .command('send')
    .description('sign a payload and send it as GitHub would')
    .requiredOption('--url <url>', 'webhook URL of the orchestrator', parseHttpUrl)
    .requiredOption('--secret-file <file>', 'file with the webhook secret')
    .requiredOption('--payload <file>', 'JSON payload; - reads stdin')
    .option('--event <name>', 'name of the event', 'pull_request')
    .option('--delivery <id>', 'delivery id (default: a new one)')
    .action((options: WebhookSendOptions) =>
      execute(async () => (await import('./webhook-send.ts')).webhookSend(host, options)),
    );
}

function declareConfigure(program: Command, host: CliHost, execute: Execute): void {
  const configure = program
    .command('webhooks')
    .helpCommand(false)
    .description("look after the repositories' webhooks")
    .command('configure')
    .description('let every repository of the stacks deliver its pull requests to the orchestrator')
    .requiredOption('--url <url>', 'URL of the orchestrator as GitHub reaches it', parseHttpUrl)
    .option('--webhook-secret <file>', "file with the secret (default: the cluster's, else a new one)")
    .option('--stack <names>', 'stacks by name or file, separated by commas (default: all)')
    .option('--stacks-dir <directory>', 'where the stacks are', 'stacks')
    .option('--team <file>', 'team.yaml: forge and namespace')
    .option('--api-url <url>', "the forge's API (default: GITHUB_API_URL, else by the team's host)")
    .option('--dry-run', 'say what would be done; nothing is written');
  addClusterOptions(configure).action((_options: unknown, command: Command) =>
    execute(async () =>
      (await import('./webhooks-configure.ts')).webhooksConfigure(
        host,
        command.optsWithGlobals<WebhooksConfigureOptions>(),
      ),
    ),
  );
}
