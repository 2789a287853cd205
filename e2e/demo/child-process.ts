/** A long-running process of the demo, with its output in a log file and an orderly end. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface StartOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface StartedProcess {
  readonly pid: number | undefined;
  /** Resolves with the first match in the log; throws with the log's end when the process exits before. */
  waitForLog(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  /** SIGTERM, then SIGKILL after a minute; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Lets it live on when the demo ends. */
  release(): void;
}

/** Long: the cluster ends its pods' processes first, and those would outlive it. */
const KILL_AFTER_MS = 60_000;
const LOG_POLL_MS = 20;

/** Starts a process in its own group, so that a Ctrl-C in the terminal reaches only the demo, which ends the rest in order. */
export function startProcess({ command, env, logFile }: StartOptions): StartedProcess {
  const [program = '', ...args] = command;
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;

  async function waitForLog(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const ended = hasExited() || Date.now() > deadline;
      const text = await readFile(logFile, 'utf8');
      const match = pattern.exec(text);
      if (match !== null) return match;
      if (ended) throw new Error(`${args.join(' ')} did not say ${String(pattern)}:\n${text.slice(-2000)}`);
      await delay(LOG_POLL_MS);
    }
  }

  async function stop(): Promise<void> {
    if (hasExited()) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
    await exited;
    clearTimeout(timer);
  }

  return { pid: child.pid, waitForLog, stop, release: () => child.unref() };
}
