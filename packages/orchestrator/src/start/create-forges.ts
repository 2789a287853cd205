/** createForges: the clients of the configured forges, each made when it is first asked for. */

import type { ForgeClient } from '../forge/forge-client.ts';
import type { ForgeEntry } from '../forge/forge-file.ts';
import type { Forges } from '../forge/forges.ts';
import { createGiteaClient } from '../forge/gitea/create-gitea-client.ts';
import { createGitHubClient } from '../forge/github/create-github-client.ts';
import type { Metrics } from '../metrics.ts';

export function createForges(entries: readonly ForgeEntry[], metrics: Metrics): Forges {
  const byHost = new Map(entries.map((entry) => [entry.host.toLowerCase(), entry]));
  const clients = new Map<string, ForgeClient>();
  return {
    kindOf: (host) => byHost.get(host.toLowerCase())?.kind,
    clientFor: (host) => {
      const entry = byHost.get(host.toLowerCase());
      if (entry === undefined) return undefined;
      const client = clients.get(entry.host) ?? createClient(entry, metrics);
      clients.set(entry.host, client);
      return client;
    },
  };
}

function createClient(entry: ForgeEntry, metrics: Metrics): ForgeClient {
  return entry.kind === 'github' ? createGitHubClient(entry, metrics) : createGiteaClient(entry, metrics);
}
