/** planSecret: a secret of ours as an object, and the names that runs and the orchestrator know. Pure. */

import type { Manifest } from '../catalog/manifest.ts';

export const SECRET = {
  sshKey: 'git-ssh-key',
  githubToken: 'github-token',
  webhookSecret: 'github-webhook-secret',
} as const;

/** `texts`: key to its text, as it is in the file. */
export function planSecret(
  name: string,
  namespace: string,
  texts: Readonly<Record<string, string>>,
): Manifest {
  const data = Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const labels = { 'app.kubernetes.io/part-of': 'tekton-dag' };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels }, type: 'Opaque', data };
}
