/** postThroughServer: a POST to a Service through the API server's proxy, which works wherever kubectl works. */

import { loadKubeConfig } from '@tekton-dag/kube';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';

const TIMEOUT_MS = 60_000;

export interface ServicePost {
  readonly namespace: string;
  readonly service: string;
  /** Name or number. */
  readonly port: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly body: string;
}

/** Answers of the API server itself count too: 503 while no pod is ready. Rejects when nothing answers. */
export async function postThroughServer(kubeconfig: string, post: ServicePost): Promise<ServiceAnswer> {
  const config = await loadKubeConfig({ env: { KUBECONFIG: kubeconfig }, homeDir: '/' });
  if (!config.ok) throw new Error(config.error.message);
  const { server, certificateAuthorityPem: ca, credentials } = config.value;
  const { token, clientCertificatePem: cert, clientKeyPem: key } = credentials;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const path = `/api/v1/namespaces/${post.namespace}/services/${post.service}:${post.port}/proxy/`;
  const headers = { ...post.headers, ...authorization };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { promise, resolve, reject } = Promise.withResolvers<ServiceAnswer>();
  const sent = request(`${server}${path}`, { method: 'POST', ca, cert, key, headers, signal }, (response) => {
    text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
  });
  sent.on('error', reject).end(post.body);
  return await promise;
}
