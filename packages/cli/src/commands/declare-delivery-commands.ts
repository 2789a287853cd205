/** Declares `tekton-dag webhook list|show|explain|replay`: the deliveries that the orchestrator got. */

import { Option, type Command } from 'commander';
import type { CliHost } from '../cli-host.ts';
import { addServerOptions } from '../orchestrator/server-options.ts';
import { OUTPUT_FORMATS } from '../render/objects.ts';
import type { Execute } from './execute.ts';
import { parsePositiveInteger } from './option-parsers.ts';
import type { WebhookExplainOptions } from './webhook-explain.ts';
import type { WebhookListOptions } from './webhook-list.ts';
import type { WebhookReplayOptions } from './webhook-replay.ts';
import type { WebhookShowOptions } from './webhook-show.ts';

const STATES = ['pending', 'claimed', 'done', 'failed', 'ignored'];
const NAME = 'id of the delivery, or <host>/<id> when the forge is not github.com';

/** Adds them to the group `webhook`. */
export function declareDeliveryCommands(webhook: Command, host: CliHost, execute: Execute): void {
  declareList(webhook, host, execute);
  declareShow(webhook, host, execute);
  declareExplain(webhook, host, execute);
  declareReplay(webhook, host, execute);
}

function declareList(webhook: Command, host: CliHost, execute: Execute): void {
  const list = webhook
    .command('list')
    .description('list the deliveries that the orchestrator got, newest first')
    .addOption(new Option('--state <state>', 'in one state').choices(STATES))
    .option('--repository <owner/name>', 'of one repository')
    .option('--event <name>', 'of one event, such as pull_request')
    .option('--limit <number>', 'at most so many', parsePositiveInteger, 20)
    .addOption(new Option('-o, --output <format>', 'form of the result').choices(OUTPUT_FORMATS));
  addServerOptions(list).action((options: WebhookListOptions) =>
    execute(async () => (await import('./webhook-list.ts')).webhookList(host, options)),
  );
}

function declareShow(webhook: Command, host: CliHost, execute: Execute): void {
  const show = webhook
    .command('show')
    .description('show one delivery: what was decided, and what came of it')
    .argument('<delivery>', NAME)
    .addOption(dataOption());
  addServerOptions(show).action((name: string, options: WebhookShowOptions) =>
    execute(async () => (await import('./webhook-show.ts')).webhookShow(host, name, options)),
  );
}

function declareExplain(webhook: Command, host: CliHost, execute: Execute): void {
  const explain = webhook
    .command('explain')
    .description('say why a delivery made runs or none, app by app')
    .argument('<delivery>', NAME)
    .addOption(dataOption());
  addServerOptions(explain).action((name: string, options: WebhookExplainOptions) =>
    execute(async () => (await import('./webhook-explain.ts')).webhookExplain(host, name, options)),
  );
}

function declareReplay(webhook: Command, host: CliHost, execute: Execute): void {
  const replay = webhook
    .command('replay')
    .description('take a delivery through the orchestrator once more, with the teams and stacks of now')
    .argument('<delivery>', NAME)
    .option('--force', 'make runs again that exist already, under new names')
    .addOption(dataOption());
  addServerOptions(replay).action((name: string, options: WebhookReplayOptions) =>
    execute(async () => (await import('./webhook-replay.ts')).webhookReplay(host, name, options)),
  );
}

function dataOption(): Option {
  return new Option('-o, --output <format>', 'form of the result').choices(['json', 'yaml']);
}
