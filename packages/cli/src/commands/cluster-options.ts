/** addClusterOptions and addContextOptions: kubectl's flags for choosing cluster and namespace. */

import type { Command } from 'commander';

/** Returns the same command. */
export function addClusterOptions(command: Command): Command {
  return addContextOptions(command.option('-n, --namespace <name>', "namespace (default: the context's)"));
}

/** For commands that name their namespaces in another way. Returns the same command. */
export function addContextOptions(command: Command): Command {
  return command
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig file (default: KUBECONFIG, the pod, ~/.kube/config)');
}
