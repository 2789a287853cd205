/** Starts the router: a reverse proxy by header for the routed Services of some namespaces. */
import type { KubeClient } from '@tekton-dag/kube';
import { createClusterSource } from './create-cluster-source.ts';
import type { RouterLog } from './router-log.ts';
import { runRouter, type RunningRouter } from './run-router.ts';

export interface RouterOptions {
  readonly client: KubeClient;
  /** One namespace, or several. Ports must be unique over all of them. */
  readonly namespace: string | readonly string[];
  /** Address of this pod. */
  readonly bindAddress: string;
  /** 0 takes any free port. */
  readonly adminPort: number;
  /** Bearer token for evidence, counters and routes. An empty one refuses everybody. */
  readonly adminToken: string;
  readonly log: RouterLog;
  /** How long `close` lets exchanges finish. Default 10 seconds. */
  readonly drainMs?: number;
  /** How long a backend has to accept a connection. Default 5 seconds. */
  readonly connectTimeoutMs?: number;
}

/**
 * Resolves when the admin port is open; `/readyz` says when the routes are there and their ports open.
 * Rejects when the admin port cannot be opened. The status of HTTPRoutes is not written: that would need a right to
 * change them, and `/routes` says more.
 */
export async function startRouter(options: RouterOptions): Promise<RunningRouter> {
  const { client, namespace, log } = options;
  const namespaces = typeof namespace === 'string' ? [namespace] : namespace;
  return runRouter({ ...options, source: createClusterSource({ client, namespaces, log }) });
}
