/** localUp: starts the local cluster, detached or in the foreground. */

import { mkdir } from 'node:fs/promises';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { findDaemon } from '../local/daemon-record.ts';
import { runForeground } from '../local/run-foreground.ts';
import { startDaemon } from '../local/start-daemon.ts';
import { stateDirectory, type StateOptions } from '../local/state-directory.ts';

export interface LocalUpOptions extends StateOptions {
  readonly port: number;
  readonly registryPort: number;
  readonly visiblePath?: readonly string[];
  readonly foreground?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** Prints the line that sets KUBECONFIG, for `eval "$(tekton-dag local up)"`. A cluster that runs already is left alone. */
export async function localUp(host: CliHost, options: LocalUpOptions): Promise<number> {
  const stateDir = stateDirectory(host, options);
  const running = await findDaemon(stateDir);
  if (running !== undefined) {
    host.stderr.write(`The local cluster runs already (process ${running.pid}).\n`);
    host.stdout.write(kubeconfigLine(running.kubeconfigPath));
    return EXIT.ok;
  }
  await makeStateDirectory(stateDir);
  const announce = (path: string): void => {
    host.stdout.write(kubeconfigLine(path));
  };
  if (options.foreground === true) return runForeground(host, { ...options, stateDir, announce });
  const started = await startDaemon(host, { ...options, stateDir, timeoutMs: options.timeout * 1_000 });
  host.stderr.write(`The local cluster is ready: ${started.apiUrl}, registry ${started.registryHost}.\n`);
  announce(started.kubeconfigPath);
  return EXIT.ok;
}

async function makeStateDirectory(stateDir: string): Promise<void> {
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    const hint = 'choose another with --state-dir';
    throw new CliFailure(EXIT.invalidInput, `the state directory ${stateDir} cannot be made: ${code}`, hint);
  }
}

/** Quoted only where a shell would need it. */
function kubeconfigLine(path: string): string {
  const quoted = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
  return `export KUBECONFIG=${quoted}\n`;
}
