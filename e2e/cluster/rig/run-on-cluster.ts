/** runOnCluster: helm and kubectl as a user calls them, against the cluster under test. */

import { findProgram } from '../../chart/rig/find-program.ts';
import { runProgram, type ProgramOutcome } from '../../chart/rig/run-program.ts';

/** Whether a test that needs `helm` can run here. */
export const hasHelm = findProgram('helm') !== undefined;
/** For the name of what is skipped. */
export const NO_HELM = 'helm, which is not on the PATH';

export interface ClusterCommand {
  readonly kubeconfig: string;
  readonly input?: string;
}

/** `command` is the program and its arguments. Resolves for every exit code. */
export async function runOnCluster(
  { kubeconfig, input = '' }: ClusterCommand,
  ...[program = '', ...args]: readonly string[]
): Promise<ProgramOutcome> {
  return await runProgram(program, args, { input, env: { ...process.env, KUBECONFIG: kubeconfig } });
}

/** What the program prints; throws with all of it when the program fails. */
export async function runOrThrow(kubeconfig: string, ...command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runOnCluster({ kubeconfig }, ...command);
  if (code === 0) return stdout;
  throw new Error(`${command.join(' ')} ended with ${code}\n${stderr}${stdout}`);
}
