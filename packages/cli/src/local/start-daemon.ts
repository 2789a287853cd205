/** startDaemon: the local cluster as a process of its own that outlives this one. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CliFailure } from '../cli-failure.ts';
import type { CliHost } from '../cli-host.ts';
import { EXIT } from '../exit-code.ts';
import { findDaemon, type DaemonRecord } from './daemon-record.ts';

export interface DaemonOptions {
  readonly stateDir: string;
  readonly port: number;
  readonly registryPort: number;
  readonly visiblePath?: readonly string[];
  readonly timeoutMs: number;
}

const POLL_MS = 25;

/** Resolves when the cluster is ready. CliFailure with the end of its log when it is not, and nothing is left running. */
export async function startDaemon(host: CliHost, options: DaemonOptions): Promise<DaemonRecord> {
  const logPath = join(options.stateDir, 'daemon.log');
  const child = await spawnDaemon(host, options, logPath);
  try {
    const record = await waitForRecord(host, child, options);
    child.unref();
    return record;
  } catch (error) {
    await endDaemon(child);
    if (!(error instanceof CliFailure)) throw error;
    throw new CliFailure(error.exitCode, `${error.message}\n${await tailOf(logPath)}`.trimEnd(), error.hint);
  }
}

async function spawnDaemon(host: CliHost, options: DaemonOptions, logPath: string): Promise<ChildProcess> {
  const [program = process.execPath, ...self] = host.selfCommand;
  const args = ['local', 'up', '--foreground', '--state-dir', options.stateDir];
  const ports = ['--port', String(options.port), '--registry-port', String(options.registryPort)];
  const visible = (options.visiblePath ?? []).flatMap((path) => ['--visible-path', path]);
  await using log = await openLog(logPath);
  return spawn(program, [...self, ...args, ...ports, ...visible], {
    detached: true,
    cwd: host.cwd,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...host.env },
  });
}

/** Waits, so that nothing is left running when the command ends. */
async function endDaemon(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function openLog(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w', 0o600);
  } catch (error) {
    throw new CliFailure(EXIT.invalidInput, `cannot write ${path}: ${String(error)}`);
  }
}

async function waitForRecord(
  host: CliHost,
  child: ChildProcess,
  options: DaemonOptions,
): Promise<DaemonRecord> {
  const untilMs = performance.now() + options.timeoutMs;
  const hint = `its log is ${join(options.stateDir, 'daemon.log')}`;
  while (performance.now() < untilMs) {
    const record = await findDaemon(options.stateDir);
    if (record !== undefined) return record;
    if (child.exitCode !== null || child.signalCode !== null) {
      const exitCode = child.exitCode === EXIT.invalidInput ? EXIT.invalidInput : EXIT.unreachable;
      throw new CliFailure(exitCode, 'the local cluster ended while it started', hint);
    }
    if (host.signal.aborted) throw new CliFailure(EXIT.interrupted, 'interrupted');
    await delay(POLL_MS);
  }
  throw new CliFailure(EXIT.unreachable, 'the local cluster did not become ready in time', hint);
}

async function tailOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-10).join('\n');
}
