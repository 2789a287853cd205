/** ARGO_SKIP: why tests of Argo CD cannot run here, or nothing. */

import { spawnSync } from 'node:child_process';
import { ARGOCD_NAMESPACE } from './argo-application.ts';

function findReason(): string | undefined {
  const missing = ['KUBECONFIG', 'REGISTRY', 'TEKTON_DAG_IMAGE'].filter(
    (name) => (process.env[name] ?? '') === '',
  );
  if (missing.length > 0) return `Argo CD: ${missing.join(', ')} not set`;
  const asked = ['-n', ARGOCD_NAMESPACE, 'get', 'deployment', 'argocd-repo-server', '-o', 'name'];
  const { status } = spawnSync('kubectl', asked, { stdio: 'ignore' });
  return status === 0 ? undefined : 'Argo CD, which kubectl does not find in the cluster';
}

export const ARGO_SKIP = findReason();
