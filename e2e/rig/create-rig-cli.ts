/** createRigCli: the real command, run in the test's process against the rig's cluster. */

import { runCli } from '@tekton-dag/cli';
import { Writable } from 'node:stream';

export interface CliOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type RigCli = (...args: readonly string[]) => Promise<CliOutcome>;

export interface RigCliSetup {
  readonly env: Readonly<Record<string, string>>;
  readonly kubeconfigPath: string;
  readonly homeDir: string;
  /** The platform repository's working tree: stack files are named relative to it. */
  readonly platformDir: string;
  readonly command: readonly string[];
}

const collect = (): { stream: Writable; text: () => string } => {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
};

/** Each call is one command. */
export function createRigCli(setup: RigCliSetup): RigCli {
  return async (...args) => {
    const [out, complaints] = [collect(), collect()];
    const exitCode = await runCli(args, {
      env: { ...setup.env, KUBECONFIG: setup.kubeconfigPath, NO_COLOR: '1' },
      cwd: setup.platformDir,
      homeDir: setup.homeDir,
      selfCommand: setup.command,
      onHangUp: () => undefined,
      stdout: out.stream,
      stderr: complaints.stream,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      columns: 100,
      rows: 24,
      signal: new AbortController().signal,
    });
    return { exitCode, stdout: out.text(), stderr: complaints.text() };
  };
}
