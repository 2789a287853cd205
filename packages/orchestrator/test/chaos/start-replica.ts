/** startReplica: one `tekton-dag serve` that is killed and started again, with the same name and the same store. */

import { startProgram, type Program } from './start-program.ts';

export interface Replica extends AsyncDisposable {
  /** Undefined while it is dead. */
  readonly url: string | undefined;
  /** SIGKILL, then a new process. Resolves when that listens. */
  killAndRestart(): Promise<void>;
}

const PROGRAM = new URL('../../../cli/bin/tekton-dag.js', import.meta.url);

export async function startReplica(env: Readonly<Record<string, string>>): Promise<Replica> {
  const start = (): Promise<Program> => startProgram({ file: PROGRAM, args: ['serve'], env });
  let program: Program | undefined = await start();
  return {
    get url() {
      return program?.url;
    },
    killAndRestart: async () => {
      const dying = program;
      program = undefined;
      await dying?.kill();
      program = await start();
    },
    [Symbol.asyncDispose]: async () => program?.kill(),
  };
}
