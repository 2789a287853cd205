/** router: the data plane of one namespace, as a pod runs it. */

import { readFile } from 'node:fs/promises';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { createLog } from '../create-log.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { untilAborted } from '../until-aborted.ts';

export interface RouterCommandOptions extends ClusterOptions {
  readonly bindAddress?: string;
  readonly adminPort: number;
}

/** Serves until it is interrupted, then lets requests in flight finish. */
export async function router(host: CliHost, options: RouterCommandOptions): Promise<number> {
  const adminToken = await readToken(host);
  const namespace = options.namespace ?? host.env['POD_NAMESPACE'];
  await using cluster = await openCluster(host, {
    ...options,
    ...(namespace === undefined ? {} : { namespace }),
  });
  const { startRouter } = await import('@tekton-dag/router');
  const running = await startRouter({
    client: cluster.client,
    namespace: cluster.namespace,
    bindAddress: options.bindAddress ?? host.env['POD_IP'] ?? '127.0.0.1',
    adminPort: options.adminPort,
    adminToken,
    log: await createLog(host),
  });
  host.stderr.write(
    `The router serves namespace ${cluster.namespace}; its admin port is ${running.adminPort}.\n`,
  );
  await untilAborted(host.signal);
  await running.close();
  return EXIT.interrupted;
}

async function readToken({ env }: CliHost): Promise<string> {
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
