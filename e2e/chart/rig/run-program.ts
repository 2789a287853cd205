/** runProgram: a program from start to end, with what it said. */

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface ProgramOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Rejects only when the program cannot be started. */
export async function runProgram(
  file: string,
  args: readonly string[],
  { cwd, input = '', env = process.env }: ProgramOptions = {},
): Promise<ProgramOutcome> {
  const child = spawn(file, args, { cwd, env, stdio: 'pipe' });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.on('error', reject);
  child.on('close', (code) => resolve(code ?? 1));
  // A program that fails before it has read everything closes its end.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([promise, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
