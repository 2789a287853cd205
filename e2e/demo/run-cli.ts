/** Runs the real `tekton-dag` command. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Shows the command's output instead of collecting it. */
  readonly live?: boolean;
}

/** How a process runs the command from the checkout. */
export const cliCommand = (checkout: string): readonly string[] => [
  process.execPath,
  `${checkout}/packages/cli/src/main.ts`,
];

/** Resolves when the command has ended, whatever its exit code. */
export async function runCli(
  command: readonly string[],
  args: readonly string[],
  { env, signal, live = false }: CliOptions,
): Promise<CliResult> {
  const [program = '', ...first] = command;
  const output = live ? 'inherit' : 'pipe';
  const child = spawn(program, [...first, ...args], { env, signal, stdio: ['ignore', output, output] });
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) =>
    stream === null ? Promise.resolve('') : text(stream),
  );
  await once(child, 'close');
  return { exitCode: child.exitCode ?? 1, stdout: (await stdout) ?? '', stderr: (await stderr) ?? '' };
}
