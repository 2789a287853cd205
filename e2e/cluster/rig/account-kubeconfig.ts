/** writeAccountKubeconfig: lets a process outside the cluster act as one service account, and as nobody else. */

import { kinds, loadKubeConfig, waitFor, type KubeClient, type Secret } from '@tekton-dag/kube';
import { writeFile } from 'node:fs/promises';

const TOKEN_TIMEOUT_MS = 120_000;

export interface AccountPlace {
  /** Of whoever may read secrets. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly account: string;
  /** The file to write. */
  readonly file: string;
}

/** Returns the token. */
export async function writeAccountKubeconfig(
  client: KubeClient,
  { kubeconfig, namespace, account, file }: AccountPlace,
): Promise<string> {
  const config = await loadKubeConfig({ env: { KUBECONFIG: kubeconfig }, homeDir: '/' });
  if (!config.ok) throw new Error(config.error.message);
  const token = await makeToken(client, namespace, account);
  const { server, certificateAuthorityPem = '' } = config.value;
  const cluster = {
    server,
    'certificate-authority-data': Buffer.from(certificateAuthorityPem).toString('base64'),
  };
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'cluster', cluster }],
    users: [{ name: account, user: { token } }],
    contexts: [{ name: account, context: { cluster: 'cluster', user: account, namespace } }],
    'current-context': account,
  };
  await writeFile(file, JSON.stringify(document), { mode: 0o600 });
  return token;
}

/** A Secret of this type gets a token from the token controller (Kubernetes: long-lived API tokens). */
async function makeToken(client: KubeClient, namespace: string, account: string): Promise<string> {
  const secrets = client.resource<Secret>(kinds.secrets, namespace);
  const name = `${account}-token`;
  await secrets.create({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/service-account-token',
    metadata: { name, annotations: { 'kubernetes.io/service-account.name': account } },
  });
  const filled = await waitFor(secrets, name, ({ data }) => data?.['token'] !== undefined, {
    timeoutMs: TOKEN_TIMEOUT_MS,
  });
  if (!filled.ok) throw new Error(`no token came for ${namespace}/${account}`);
  return Buffer.from(filled.value.data?.['token'] ?? '', 'base64').toString('utf8');
}
