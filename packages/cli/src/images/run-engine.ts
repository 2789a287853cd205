/** RunEngine: starts the program that makes images, with an argument array; what it says goes to stderr. */

import { spawn } from 'node:child_process';
import type { CliHost } from '../cli-host.ts';

export interface EngineOutcome {
  /** 127 when the program does not exist, 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
}

export interface RunEngineOptions {
  /** Keeps what the program says to itself. */
  readonly quiet?: boolean;
}

export type RunEngine = (
  program: string,
  args: readonly string[],
  options?: RunEngineOptions,
) => Promise<EngineOutcome>;

/** Programs get the environment of this one; they end with its signal. */
export function createRunEngine(host: CliHost): RunEngine {
  return (program, args, { quiet = false } = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: host.cwd,
        env: { ...host.env },
        stdio: ['ignore', 'pipe', 'pipe'],
        signal: host.signal,
      });
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        if (!quiet) host.stderr.write(text);
      });
      child.stderr.on('data', (bytes: Buffer) => {
        if (!quiet) host.stderr.write(bytes);
      });
      child.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') resolve({ code: 127, stdout });
        else reject(error);
      });
      child.on('close', (code) => resolve({ code: code ?? 128, stdout }));
    });
}
