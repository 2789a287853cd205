/** readRouterToken: the token that guards the admin port of a router or a tap. */

import { readFile } from 'node:fs/promises';
import { CliFailure } from './cli-failure.ts';
import type { CliHost } from './cli-host.ts';
import { EXIT } from './exit-code.ts';

/** From ROUTER_TOKEN_FILE, else ROUTER_TOKEN; ends with exit code 2 when there is none. */
export async function readRouterToken({ env }: CliHost): Promise<string> {
  const path = env['ROUTER_TOKEN_FILE'];
  const token = path === undefined ? (env['ROUTER_TOKEN'] ?? '') : await readTokenFile(path);
  if (token.trim() !== '') return token.trim();
  const hint = 'set ROUTER_TOKEN_FILE, or ROUTER_TOKEN';
  throw new CliFailure(EXIT.usage, 'the router needs a token for its admin port', hint);
}

async function readTokenFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new CliFailure(EXIT.invalidInput, `cannot read the token file ${path}`);
  }
}
