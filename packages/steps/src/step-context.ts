/** The world of one step: everything that it may touch, handed in by the caller. */
import type { KubeClient } from '@tekton-dag/kube';
import type { Writable } from 'node:stream';

/** A proxy on loopback that adds `headers` to each request and sends it on to `target`. */
export interface SessionProxy {
  /** Base URL of the proxy, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a session proxy; the command line passes the router's one in. */
export type StartSessionProxy = (options: {
  readonly target: URL;
  readonly headers: Record<string, string>;
}) => Promise<SessionProxy>;

export interface StepContext {
  /** Params of the task, in upper snake case, and what the platform adds. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborted when the step must end (SIGTERM, Ctrl-C). */
  readonly signal: AbortSignal;
  readonly startSessionProxy: StartSessionProxy;
  /** For tests; otherwise made from KUBECONFIG or the pod's service account. */
  readonly kubeClient?: KubeClient;
}

/** A step's body. It returns on success and throws StepFailure otherwise. */
export type Step = (context: StepContext) => Promise<void>;
