/** askThroughServer: a request to an app's Service through the API server's proxy, which works wherever kubectl works. */

import { loadKubeConfig, type KubeConfig } from '@tekton-dag/kube';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { answerSchema, type StackAnswer } from '../../rig/ask-stack.ts';

const TIMEOUT_MS = 60_000;

export interface Question {
  readonly namespace: string;
  readonly app: string;
  readonly session?: string | undefined;
}

function get(config: KubeConfig, path: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const { token, clientCertificatePem: cert, clientKeyPem: key } = config.credentials;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const options = {
    ca: config.certificateAuthorityPem,
    cert,
    key,
    headers: { ...headers, ...authorization },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const sent = request(`${config.server}${path}`, options, (response) => {
    text(response).then((body) => {
      if (response.statusCode === 200) resolve(body);
      else reject(new Error(`${path} answered ${response.statusCode ?? 0}: ${body}`));
    }, reject);
  });
  sent.on('error', reject).end();
  return promise;
}

/** Throws unless the app answers 200. */
export async function askThroughServer(kubeconfig: string, question: Question): Promise<StackAnswer> {
  const config = await loadKubeConfig({ env: { KUBECONFIG: kubeconfig }, homeDir: '/' });
  if (!config.ok) throw new Error(config.error.message);
  const headers: Record<string, string> =
    question.session === undefined ? {} : { 'x-dev-session': question.session };
  const path = `/api/v1/namespaces/${question.namespace}/services/${question.app}:http/proxy/`;
  return answerSchema.parse(JSON.parse(await get(config.value, path, headers)));
}
