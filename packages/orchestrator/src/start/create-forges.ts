/** createForges: the clients of the configured forges, each made when it is first asked for. */

import type { ForgeConfig } from '../config/forge-settings.ts';
import type { ForgeClient } from '../forge/forge-client.ts';
import type { Forges } from '../forge/forges.ts';

export function createForges(configs: readonly ForgeConfig[]): Forges {
  const byHost = new Map(configs.map((config) => [config.host.toLowerCase(), config]));
  const clients = new Map<string, ForgeClient>();
  return {
    kindOf: (host) => byHost.get(host.toLowerCase())?.kind,
    clientFor: (host) => clients.get(host.toLowerCase()),
  };
}
