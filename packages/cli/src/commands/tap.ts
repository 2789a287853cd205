/** tap: the end of an intercept of another tool; it hands one session's requests to the pull request's pods. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { createLog } from '../create-log.ts';
import { EXIT } from '../exit-code.ts';
import { openCluster, type ClusterOptions } from '../open-cluster.ts';
import { readRouterToken } from '../read-router-token.ts';
import { untilEnded } from '../until-ended.ts';

export interface TapCommandOptions extends ClusterOptions {
  readonly objects: string;
  readonly backend: string;
  readonly bindAddress: string;
  readonly adminPort: number;
}

const objectsSchema = z.strictObject({ services: z.array(z.unknown()), httpRoutes: z.array(z.unknown()) });

async function readObjects(path: string): Promise<z.infer<typeof objectsSchema>> {
  try {
    return objectsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliFailure(EXIT.invalidInput, `cannot use the objects of the tap in ${path}: ${reason}`);
  }
}

/** Serves until it is told to end. */
export async function tap(host: CliHost, options: TapCommandOptions): Promise<number> {
  const adminToken = await readRouterToken(host);
  const objects = await readObjects(options.objects);
  await using cluster = await openCluster(host, options);
  const { startTap } = await import('@tekton-dag/router');
  const { backend, bindAddress, adminPort } = options;
  const running = await startTap({
    client: cluster.client,
    namespace: cluster.namespace,
    backend,
    objects,
    bindAddress,
    adminPort,
    adminToken,
    log: await createLog(host),
  });
  host.stderr.write(`The tap hands requests to Service ${cluster.namespace}/${backend}.\n`);
  const exitCode = await untilEnded(host.signal);
  await running.close();
  return exitCode;
}
