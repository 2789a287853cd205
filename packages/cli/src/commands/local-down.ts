/** localDown: stops the local cluster of a state directory. */

import { setTimeout as delay } from 'node:timers/promises';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { findDaemon, removeDaemonRecord, type DaemonRecord } from '../local/daemon-record.ts';
import { isSameProcess } from '../local/process-identity.ts';
import { stateDirectory, type StateOptions } from '../local/state-directory.ts';

export interface LocalDownOptions extends StateOptions {
  /** Seconds. */
  readonly timeout: number;
}

/** Ends exactly the process that the record names, and waits for its end. Nothing to stop is no failure. */
export async function localDown(host: CliHost, options: LocalDownOptions): Promise<number> {
  const stateDir = stateDirectory(host, options);
  const daemon = await findDaemon(stateDir);
  if (daemon === undefined) {
    await removeDaemonRecord(stateDir);
    host.stderr.write('The local cluster does not run.\n');
    return EXIT.ok;
  }
  process.kill(daemon.pid, 'SIGTERM');
  await waitForEnd(host, daemon, options.timeout * 1_000);
  host.stderr.write('The local cluster has stopped.\n');
  return EXIT.ok;
}

async function waitForEnd(host: CliHost, { pid, identity }: DaemonRecord, timeoutMs: number): Promise<void> {
  const untilMs = performance.now() + timeoutMs;
  while (await isSameProcess(pid, identity)) {
    if (host.signal.aborted) throw new CliFailure(EXIT.interrupted, 'interrupted');
    if (performance.now() > untilMs) {
      throw new CliFailure(
        EXIT.unreachable,
        `process ${pid} did not end in ${timeoutMs / 1_000} s`,
        'see its log',
      );
    }
    await delay(20);
  }
}
