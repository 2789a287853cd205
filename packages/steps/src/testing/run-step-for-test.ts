/** Runs one step with captured output. */
import { Writable } from 'node:stream';
import type { KubeClient } from '@tekton-dag/kube';
import { runStep } from '../run-step.ts';
import type { StartSessionProxy } from '../step-context.ts';

export interface StepRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StepRunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly kubeClient?: KubeClient;
  /** Default: that of this process. */
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly startSessionProxy?: StartSessionProxy;
}

const capture = (): { stream: Writable; text: () => string } => {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
};

const refuseProxy: StartSessionProxy = () => Promise.reject(new Error('this test has no session proxy'));

/** PATH and HOME come from this process, all else from `env`. */
export const runStepForTest = async (name: string, options: StepRunOptions): Promise<StepRun> => {
  const stdout = capture();
  const stderr = capture();
  const code = await runStep(name, {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...options.env },
    cwd: options.cwd ?? process.cwd(),
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: options.signal ?? new AbortController().signal,
    startSessionProxy: options.startSessionProxy ?? refuseProxy,
    ...(options.kubeClient === undefined ? {} : { kubeClient: options.kubeClient }),
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
};
