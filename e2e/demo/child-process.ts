/** A long-running process of the demo, with its output in a log file and an orderly end. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

export interface StartOptions {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface StartedProcess {
  readonly name: string;
  readonly exited: Promise<number>;
  /** SIGTERM, then SIGKILL after ten seconds; resolves when the process is gone. */
  stop(): Promise<void>;
}

const KILL_AFTER_MS = 10_000;

async function exitCodeOf(child: ChildProcess): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? 1;
}

/** Starts a process in its own group, so that a Ctrl-C in the terminal reaches only the demo, which ends the rest in order. */
export function startProcess({ name, command, env, logFile }: StartOptions): StartedProcess {
  const [program = '', ...args] = command;
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const exited = exitCodeOf(child).finally(() => finished(log.end()));
  return {
    name,
    exited,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
