/** runProgram: helm and kubectl as a user calls them, against the cluster under test. */

import { execFile, spawnSync } from 'node:child_process';

export interface ProgramOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MOST_OUTPUT_BYTES = 1 << 26;

/** Whether a test that needs `helm` can run here. */
export const hasHelm = spawnSync('helm', ['version', '--short']).status === 0;
/** For the name of what is skipped. */
export const NO_HELM = 'helm, which is not on the PATH';

/** `command` is the program and its arguments; `input` its standard input. Resolves for every exit code. */
export function runProgram(
  { kubeconfig, input = '' }: { readonly kubeconfig: string; readonly input?: string },
  ...command: readonly string[]
): Promise<ProgramOutcome> {
  const [file = '', ...args] = command;
  const env = { ...process.env, KUBECONFIG: kubeconfig, HELM_KUBECONTEXT: '' };
  const { promise, resolve } = Promise.withResolvers<ProgramOutcome>();
  const child = execFile(file, args, { env, maxBuffer: MOST_OUTPUT_BYTES }, (error, stdout, stderr) => {
    resolve({ exitCode: error === null ? 0 : (child.exitCode ?? 1), stdout, stderr });
  });
  child.stdin?.end(input);
  return promise;
}

/** What the program prints; throws with all of it when the program fails. */
export async function runOrThrow(kubeconfig: string, ...command: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram({ kubeconfig }, ...command);
  if (exitCode === 0) return stdout;
  throw new Error(`${command.join(' ')} ended with ${exitCode}\n${stderr}${stdout}`);
}
