/** runCli: arguments in, exit code out; the one place where failures become text. */

import { CommanderError } from 'commander';
import type { CliHost } from './cli-host.ts';
import { CliFailure } from './cli-failure.ts';
import type { CommandKind } from './commands/execute.ts';
import { createProgram } from './create-program.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { createStyle, wantsColor } from './render/style.ts';

/** Runs one command line. Never rejects. */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  let exitCode = 0;
  let running: CommandKind = 'job';
  const program = createProgram(host, async (command, kind = 'job') => {
    running = kind;
    exitCode = await command();
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return isInterrupted(host, running) ? EXIT.interrupted : exitCode;
  } catch (error) {
    if (isInterrupted(host, running)) return EXIT.interrupted;
    return explain(error, host, program.opts<{ color?: boolean }>().color);
  }
}

function isInterrupted({ signal }: CliHost, kind: CommandKind): boolean {
  return signal.aborted && kind === 'job';
}

async function explain(error: unknown, host: CliHost, colorOption: boolean | undefined): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const { exitCode, message, hint } = await describeFailure(error);
  const style = createStyle(wantsColor(host.env, host.stderrIsTerminal, colorOption));
  host.stderr.write(`${style.red('error:')} ${message}\n`);
  if (hint !== undefined) host.stderr.write(`${style.dim('hint:')} ${hint}\n`);
  return exitCode;
}

interface FailureText {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

async function describeFailure(error: unknown): Promise<FailureText> {
  if (error instanceof CliFailure) return error;
  const { KubeError, KubeUnreachableError } = await import('@tekton-dag/kube');
  if (error instanceof KubeError) {
    return { exitCode: EXIT.unreachable, message: `the cluster refused: ${error.message}` };
  }
  if (error instanceof KubeUnreachableError) {
    const hint = 'is the cluster running? `tekton-dag doctor` says what is wrong';
    return { exitCode: EXIT.unreachable, message: `the cluster cannot be reached: ${error.message}`, hint };
  }
  if (hasCode(error, 'EADDRINUSE')) {
    return {
      exitCode: EXIT.unreachable,
      message: error.message,
      hint: 'choose another port, or 0 for a free one',
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: EXIT.runFailed, message: `unexpected: ${message}`, hint: 'this is a bug of tekton-dag' };
}

function hasCode(error: unknown, code: string): error is Error {
  return error instanceof Error && 'code' in error && error.code === code;
}
