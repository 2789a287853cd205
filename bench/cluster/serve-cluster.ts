/** A local cluster in a process of its own: argument 1 is its state directory; it prints the path of its kubeconfig when it is ready. */

import { startLocalCluster } from '@tekton-dag/local-cluster';

const quiet = (): void => undefined;
const cluster = await startLocalCluster({
  stateDir: process.argv[2] ?? '',
  port: 0,
  registryPort: 0,
  selfCommand: [process.execPath],
  log: { info: quiet, warn: quiet, error: (fields, message) => console.error(message, fields) },
});
process.once('SIGTERM', () => void cluster.close().then(() => process.exit(0)));
console.log(cluster.kubeconfigPath);
