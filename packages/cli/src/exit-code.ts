/** EXIT: what the command's exit codes mean, the same for every command. */

export const EXIT = {
  ok: 0,
  runFailed: 1,
  usage: 2,
  invalidInput: 3,
  unreachable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
