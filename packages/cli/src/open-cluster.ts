/** openCluster: a client for the cluster that kubectl would talk to. */

import { createKubeClient, loadKubeConfig, type KubeClient } from '@tekton-dag/kube';
import { CliFailure } from './cli-failure.ts';
import type { CliHost } from './cli-host.ts';
import { EXIT } from './exit-code.ts';

/** Not `local up` alone: whoever gives it sees a cluster start, and is told the same again. */
const HINT = 'set KUBECONFIG, or pass --kubeconfig; for the local cluster: eval "$(tekton-dag local up)"';

/** kubectl's own flags. */
export interface ClusterOptions {
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly color?: boolean;
}

export interface Cluster extends AsyncDisposable {
  readonly client: KubeClient;
  /** Where single objects are: `--namespace`, else the context's. */
  readonly namespace: string;
  readonly source: string;
  readonly contextName: string;
}

/** Reads the configuration; nothing is connected yet. CliFailure when there is none. */
export async function openCluster(host: CliHost, options: ClusterOptions): Promise<Cluster> {
  const config = await loadKubeConfig({
    env: host.env,
    homeDir: host.homeDir,
    context: options.context,
    path: options.kubeconfig,
  });
  if (!config.ok) {
    const exitCode = config.error.reason === 'malformed' ? EXIT.invalidInput : EXIT.unreachable;
    throw new CliFailure(exitCode, config.error.message, HINT);
  }
  const client = createKubeClient(config.value);
  return {
    client,
    namespace: options.namespace ?? config.value.namespace,
    source: config.value.source,
    contextName: config.value.contextName,
    [Symbol.asyncDispose]: () => client.close(),
  };
}
