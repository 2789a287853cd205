/** startClusterProcess: a local cluster in a process of its own, which a test may kill and start again. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ClusterProcess {
  readonly child: ChildProcess;
  readonly kubeconfigPath: string;
  readonly apiUrl: string;
  readonly registryHost: string;
}

/** Starts a local cluster on a state directory; `port` 0 picks a free one. */
export const startClusterProcess = async (stateDir: string, port = 0): Promise<ClusterProcess> => {
  const main = fileURLToPath(new URL('cluster-process.ts', import.meta.url));
  const child = spawn(process.execPath, [main, stateDir, String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  // A cluster that ends by itself has crashed; without its last words the tests only see refused connections.
  child.on('close', (code) => {
    if ((code ?? 0) !== 0)
      process.stderr.write(`the local cluster ended with exit code ${code}: ${errors}\n`);
  });
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    // Not `exit`: its last words may come after it.
    once(child, 'close').then(() => undefined),
  ]);
  if (line === undefined) throw new Error(`the local cluster did not start: ${errors}`);
  const place: { kubeconfigPath: string; apiUrl: string; registryHost: string } = JSON.parse(line);
  return { child, ...place };
};

/** Ends a process that this file started, and waits for its end. */
export const endProcess = async (child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
};
