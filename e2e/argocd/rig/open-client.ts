/** openClient: a client of the cluster under test. */

import { createKubeClient, loadKubeConfig, type KubeClient } from '@tekton-dag/kube';

/** Throws when the kubeconfig cannot be used. */
export async function openClient(kubeconfig: string): Promise<KubeClient> {
  const config = await loadKubeConfig({ env: { KUBECONFIG: kubeconfig }, homeDir: '/' });
  if (!config.ok) throw new Error(`KUBECONFIG cannot be used: ${config.error.message}`);
  return createKubeClient(config.value);
}
