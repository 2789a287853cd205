/** router: the data plane of one namespace, as a pod runs it. */

import type { CliHost } from '../cli-host.ts';
import { createLog } from '../create-log.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { readRouterToken } from '../read-router-token.ts';
import { untilEnded } from '../until-ended.ts';

export interface RouterCommandOptions extends ClusterOptions {
  readonly bindAddress?: string;
  readonly adminPort: number;
}

/** Serves until it is told to end, then lets requests in flight finish. */
export async function router(host: CliHost, options: RouterCommandOptions): Promise<number> {
  const adminToken = await readRouterToken(host);
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
  const exitCode = await untilEnded(host.signal);
  await running.close();
  return exitCode;
}
