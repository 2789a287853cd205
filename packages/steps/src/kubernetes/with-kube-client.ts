/** Opens the Kubernetes API for the length of one step. */
import { homedir } from 'node:os';
import type { KubeClient } from '@tekton-dag/kube';
import type { StepContext } from '../step-context.ts';
import { EXIT, StepFailure } from '../step-failure.ts';

/** Calls `use` with the caller's client, or with one from KUBECONFIG or the pod's service account. */
export const withKubeClient = async <T>(
  context: StepContext,
  use: (client: KubeClient) => Promise<T>,
): Promise<T> => {
  if (context.kubeClient !== undefined) return await use(context.kubeClient);
  const { createKubeClient, loadKubeConfig } = await import('@tekton-dag/kube');
  const config = await loadKubeConfig({ env: context.env, homeDir: context.env['HOME'] ?? homedir() });
  if (!config.ok) {
    throw new StepFailure(config.error.message, {
      code: 'KUBERNETES_CONFIG',
      hint: 'run the step in a pod with a service account, or set KUBECONFIG',
      exitCode: EXIT.unreachable,
    });
  }
  await using client = createKubeClient(config.value);
  return await use(client);
};
