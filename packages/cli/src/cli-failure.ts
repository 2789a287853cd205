/** CliFailure: ends a command with an exit code and a message for people, without a stack trace. */

import type { ExitCode } from './exit-code.ts';

export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  /** `hint` says what to do next, in one line. */
  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
