/** ARGO_SKIP: why tests of Argo CD cannot run here, or nothing. */

import { spawnSync } from 'node:child_process';
import { ARGOCD_NAMESPACE } from './argo-application.ts';

function findReason(): string | undefined {
  const missing = ['KUBECONFIG', 'REGISTRY', 'TEKTON_DAG_IMAGE'].filter(
    (name) => (process.env[name] ?? '') === '',
  );
  if (missing.length > 0) return `Argo CD: ${missing.join(', ')} not set`;
  const asked = ['-n', ARGOCD_NAMESPACE, 'get', 'deployment', 'argocd-repo-server', '-o', 'name'];
  const { error, status, stdout, stderr } = spawnSync('kubectl', [...asked, '--ignore-not-found'], {
    encoding: 'utf8',
  });
  // A cluster that does not answer is no reason to leave a test out.
  if (error !== undefined || status !== 0) throw error ?? new Error(`kubectl: ${stderr}`);
  return stdout === '' ? 'Argo CD, which the cluster does not have' : undefined;
}

export const ARGO_SKIP = findReason();
