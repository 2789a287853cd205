/** Renders a kubeconfig file for one user of the local cluster. */

import { stringify } from 'yaml';

export interface KubeconfigInput {
  /** Names the cluster, the user and the context. */
  readonly name: string;
  readonly apiUrl: string;
  /** PEM. */
  readonly certificate: string;
  readonly token: string;
  readonly namespace: string;
}

/** YAML text, as kubectl, helm and client libraries read it. */
export const renderKubeconfig = ({ name, apiUrl, certificate, token, namespace }: KubeconfigInput): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name,
        cluster: {
          server: apiUrl,
          'certificate-authority-data': Buffer.from(certificate).toString('base64'),
        },
      },
    ],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  });
