/** addServerOptions: how a command finds the orchestrator's API. */

import type { Command } from 'commander';
import { parseHttpUrl } from '../commands/option-parsers.ts';

export interface ServerOptions {
  readonly server?: URL;
  readonly tokenFile?: string;
}

export function addServerOptions(command: Command): Command {
  return command
    .option('--server <url>', 'URL of the orchestrator (default: TEKTON_DAG_SERVER)', parseHttpUrl)
    .option('--token-file <file>', 'file with the token for its API (default: TEKTON_DAG_TOKEN_FILE)');
}
