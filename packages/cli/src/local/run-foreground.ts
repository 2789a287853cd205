/** runForeground: the local cluster in this process, until it is interrupted. */

import { createLog } from '../create-log.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { untilAborted } from '../until-aborted.ts';
import { removeDaemonRecord, writeDaemonRecord } from './daemon-record.ts';
import { processIdentity } from './process-identity.ts';

export interface ForegroundOptions {
  readonly stateDir: string;
  readonly port: number;
  readonly registryPort: number;
  /** Called with the kubeconfig's path when the cluster is ready. */
  readonly announce: (kubeconfigPath: string) => void;
}

/** Logs to stderr as JSON lines; ends everything it started before it returns. */
export async function runForeground(host: CliHost, options: ForegroundOptions): Promise<number> {
  const { startLocalCluster } = await import('@tekton-dag/local-cluster');
  const { stateDir, port, registryPort } = options;
  const log = await createLog(host);
  const cluster = await startLocalCluster({
    stateDir,
    port,
    registryPort,
    selfCommand: [...host.selfCommand],
    log,
    onReady: () => undefined,
  });
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
    await untilAborted(host.signal);
  } finally {
    await cluster.close();
    await removeDaemonRecord(stateDir);
  }
  return EXIT.interrupted;
}
