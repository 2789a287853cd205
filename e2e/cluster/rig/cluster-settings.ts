/** What the tests need to know of the cluster under test, read from the environment; every gap has a clear message. */

import { connect } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface ClusterSettings {
  readonly kubeconfig: string;
  /** `host:port` that pods pull from and this machine pushes to. */
  readonly registry: string;
  /** An address of this machine that pods reach; the tests' git server listens on it. */
  readonly hostAddress: string;
  /** The program's image. */
  readonly image: string;
  /** An image with Node 24, npm, Python 3 and pip: compiles apps, and is the base of the tiny apps. */
  readonly toolsImage: string;
  /** The API server's audit log, one JSON event a line; undefined when it cannot be read from here. */
  readonly auditLog: string | undefined;
}

const ROUTE_TIMEOUT_MS = 30_000;

function need(env: NodeJS.ProcessEnv, name: string, meaning: string): string {
  const value = env[name] ?? '';
  if (value === '') throw new Error(`the cluster tests need ${name}: ${meaning}`);
  return value;
}

/** The address that this machine has on its way to the registry. */
async function findLocalAddress(registry: string): Promise<string> {
  const [host = '', port = '80'] = registry.split(':');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ host, port: Number(port), timeout: ROUTE_TIMEOUT_MS });
  socket.on('connect', () => resolve(socket.localAddress ?? ''));
  socket.on('error', (error) => reject(new Error(`REGISTRY ${registry} does not answer: ${error.message}`)));
  socket.on('timeout', () => reject(new Error(`REGISTRY ${registry} does not answer`)));
  return await promise.finally(() => socket.destroy());
}

async function findHostAddress(env: NodeJS.ProcessEnv, registry: string): Promise<string> {
  const given = env['HOST_ADDRESS'] ?? '';
  if (given !== '') return given;
  const address = await findLocalAddress(registry);
  if (!/^(127\.|::1$)/.test(address)) return address;
  throw new Error(
    'the cluster tests need HOST_ADDRESS: an address of this machine that pods reach (with kind: the gateway of the docker network)',
  );
}

/** Reads KUBECONFIG, REGISTRY, HOST_ADDRESS, TEKTON_DAG_IMAGE, TOOLS_IMAGE and AUDIT_LOG. */
export async function readClusterSettings(env: NodeJS.ProcessEnv): Promise<ClusterSettings> {
  const registry = need(env, 'REGISTRY', 'host:port of a registry that this machine and the cluster reach');
  return {
    kubeconfig: env['KUBECONFIG'] ?? join(homedir(), '.kube/config'),
    registry,
    hostAddress: await findHostAddress(env, registry),
    image: need(env, 'TEKTON_DAG_IMAGE', 'the image of this program; `make test-cluster` sets it'),
    toolsImage: env['TOOLS_IMAGE'] ?? 'node:24',
    auditLog: env['AUDIT_LOG'],
  };
}
