/** hasResource: whether the cluster under test serves a resource that it may go without. */

import { runOnCluster } from './run-on-cluster.ts';

/** `resource` is plural and with its group: `eventlisteners.triggers.tekton.dev`. */
export async function hasResource(resource: string): Promise<boolean> {
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  const { code } = await runOnCluster(
    { kubeconfig },
    'kubectl',
    'get',
    'customresourcedefinitions',
    resource,
  );
  return code === 0;
}
