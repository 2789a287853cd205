/** loadInClusterConfig: the configuration that a pod's service account gives. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '../result.ts';
import type { KubeConfig, KubeConfigFailure } from './kube-config.ts';

const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Undefined outside a cluster: the variables or the token are not there. */
export async function loadInClusterConfig(
  env: Readonly<Record<string, string | undefined>>,
  directory: string = SERVICE_ACCOUNT_DIR,
): Promise<Result<KubeConfig, KubeConfigFailure> | undefined> {
  const server = serverOf(env['KUBERNETES_SERVICE_HOST'] ?? '', env['KUBERNETES_SERVICE_PORT'] ?? '');
  const tokenFile = join(directory, 'token');
  if (server === undefined || (await readOr(tokenFile)) === undefined) return undefined;
  const certificateAuthorityPem = await readOr(join(directory, 'ca.crt'));
  if (certificateAuthorityPem === undefined) {
    return err({ reason: 'unreadable', message: `cannot read ${join(directory, 'ca.crt')}` });
  }
  const namespace = (await readOr(join(directory, 'namespace')))?.trim();
  return ok({
    server,
    namespace: namespace === undefined || namespace === '' ? 'default' : namespace,
    contextName: 'in-cluster',
    certificateAuthorityPem,
    insecureSkipTlsVerify: false,
    credentials: { tokenFile },
    source: 'in-cluster',
  });
}

function serverOf(host: string, port: string): string | undefined {
  if (host === '' || port === '') return undefined;
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function readOr(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
