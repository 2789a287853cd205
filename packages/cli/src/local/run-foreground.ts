/** runForeground: the local cluster in this process, until it is told to end. */

import type { LocalCluster } from '@tekton-dag/local-cluster';
import { resolve } from 'node:path';
import { CliFailure } from '../cli-failure.ts';
import { createLog } from '../create-log.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { untilEnded } from '../until-ended.ts';
import { removeDaemonRecord, writeDaemonRecord } from './daemon-record.ts';
import { processIdentity } from './process-identity.ts';

export interface ForegroundOptions {
  readonly stateDir: string;
  readonly port: number;
  readonly registryPort: number;
  /** Host paths that sandboxed containers see, such as where local Git repositories lie. */
  readonly visiblePath?: readonly string[];
  /** Called with the kubeconfig's path when the cluster is ready. */
  readonly announce: (kubeconfigPath: string) => void;
}

/** Logs to stderr as JSON lines; ends everything it started before it returns. */
export async function runForeground(host: CliHost, options: ForegroundOptions): Promise<number> {
  const { stateDir } = options;
  const cluster = await startCluster(host, options);
  try {
    await writeDaemonRecord(stateDir, {
      pid: process.pid,
      identity: (await processIdentity(process.pid)) ?? '',
      startedAt: new Date().toISOString(),
      kubeconfigPath: cluster.kubeconfigPath,
      apiUrl: cluster.apiUrl,
      registryHost: cluster.registryHost,
    });
    options.announce(cluster.kubeconfigPath);
    return await untilEnded(host.signal);
  } finally {
    await cluster.close();
    await removeDaemonRecord(stateDir);
  }
}

async function startCluster(host: CliHost, options: ForegroundOptions): Promise<LocalCluster> {
  const { startLocalCluster, ClusterStartError } = await import('@tekton-dag/local-cluster');
  const { stateDir, port, registryPort, visiblePath = [] } = options;
  const visiblePaths = visiblePath.map((path) => resolve(host.cwd, path));
  const log = await createLog(host);
  const { selfCommand } = host;
  try {
    return await startLocalCluster({ stateDir, port, registryPort, selfCommand, log, visiblePaths });
  } catch (error) {
    if (!(error instanceof ClusterStartError)) throw error;
    const exitCode = error.code === 'LOCAL_STATE_NOT_WRITABLE' ? EXIT.invalidInput : EXIT.unreachable;
    throw new CliFailure(exitCode, error.message, error.hint);
  }
}
