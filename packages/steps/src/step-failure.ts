/** The one error that ends a step: what is wrong, where, and how to mend it. */

/** Process exit codes (docs/architecture.md, Errors and exit codes). */
export const EXIT = { failed: 1, invalidInput: 3, unreachable: 4, interrupted: 130 } as const;

export interface StepFailureOptions {
  /** Stable, upper snake case, e.g. `GIT_COMMIT_MISSING`. */
  readonly code: string;
  /** One line: how to mend it. */
  readonly hint?: string;
  readonly exitCode?: number;
  /** An error, or a text of several lines that the user is to read before the message. */
  readonly cause?: unknown;
}

/** Thrown by steps; its text is the last line that the user reads. */
export class StepFailure extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, options: StepFailureOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StepFailure';
    this.code = options.code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}
