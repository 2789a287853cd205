/** A local cluster as a process of its own, for tests: prints where it is as one JSON line, ends on SIGTERM. */

import { fileURLToPath } from 'node:url';
import { startLocalCluster } from '../src/start-local-cluster.ts';

const [stateDir = '', port = '0'] = process.argv.slice(2);

const write = (level: string, fields: Record<string, unknown>, message: string): void => {
  process.stderr.write(`${JSON.stringify({ level, message, ...fields })}\n`);
};

const cluster = await startLocalCluster({
  stateDir,
  port: Number(port),
  registryPort: 0,
  selfCommand: [process.execPath, fileURLToPath(import.meta.resolve('../../cli/bin/tekton-dag.js'))],
  log: {
    info: () => undefined,
    warn: (fields, message) => write('warn', fields, message),
    error: (fields, message) => write('error', fields, message),
  },
});

// Before the line: whoever has read it may end the cluster at once.
process.once('SIGTERM', () => {
  void cluster.close().then(() => process.exit(0));
});

const { kubeconfigPath, apiUrl, registryHost } = cluster;
process.stdout.write(`${JSON.stringify({ kubeconfigPath, apiUrl, registryHost })}\n`);
