/** Why the local cluster could not start, with a code for programs and a hint for people. */

export type ClusterStartCode = 'LOCAL_PORT_TAKEN' | 'LOCAL_STATE_NOT_WRITABLE' | 'LOCAL_STATE_IN_USE';

/** A fault at the start; `hint` says what to do about it. */
export class ClusterStartError extends Error {
  readonly code: ClusterStartCode;
  readonly hint: string;

  constructor(
    code: ClusterStartCode,
    message: string,
    options: { readonly hint: string; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.name = 'ClusterStartError';
    this.code = code;
    this.hint = options.hint;
  }
}

const codeOf = (fault: unknown): string =>
  fault instanceof Error && 'code' in fault && typeof fault.code === 'string' ? fault.code : '';

const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC', 'ENOENT']);

const isLocked = (fault: unknown): boolean =>
  fault instanceof Error && fault.message.includes('database is locked');

const isUnwritable = (fault: unknown): boolean =>
  NOT_WRITABLE.has(codeOf(fault)) ||
  (fault instanceof Error && /unable to open database|readonly database|disk is full/.test(fault.message));

/** True of the system's errors for a port that is taken or not allowed. */
export const isPortRefused = (fault: unknown): boolean => ['EADDRINUSE', 'EACCES'].includes(codeOf(fault));

/** Runs a step of the start that listens on a port. */
export const onPort = async <T>(port: number, what: string, start: () => Promise<T>): Promise<T> => {
  try {
    return await start();
  } catch (cause) {
    if (!isPortRefused(cause)) throw cause;
    throw new ClusterStartError('LOCAL_PORT_TAKEN', `Port ${port} for the ${what} is taken or not allowed.`, {
      hint: `Choose another port, or 0 for any free one; "ss -ltnp sport = :${port}" shows who has it.`,
      cause,
    });
  }
};

/** Runs a step of the start that writes to the state directory. */
export const onState = <T>(stateDir: string, write: () => T): T => {
  try {
    return write();
  } catch (cause) {
    if (isLocked(cause)) {
      throw new ClusterStartError(
        'LOCAL_STATE_IN_USE',
        `Another local cluster uses the state directory ${stateDir}.`,
        {
          hint: 'Stop it first, or choose another state directory.',
          cause,
        },
      );
    }
    if (!isUnwritable(cause)) throw cause;
    throw new ClusterStartError(
      'LOCAL_STATE_NOT_WRITABLE',
      `The state directory ${stateDir} cannot be written.`,
      {
        hint: 'Check its owner, its permissions and the free space, or choose another state directory.',
        cause,
      },
    );
  }
};
