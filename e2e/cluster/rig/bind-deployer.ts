/** bindDeployer: lets the pipelines of one namespace deploy apps into another. */

import type { KubeClient } from '@tekton-dag/kube';

const ROLE_BINDINGS = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'rolebindings',
  kind: 'RoleBinding',
  namespaced: true,
} as const;

export interface Deployer {
  readonly namespace: string;
  readonly appsNamespace: string;
}

/** What the comment in pipeline/rbac.yaml tells to do. */
export async function bindDeployer(
  client: KubeClient,
  { namespace, appsNamespace }: Deployer,
): Promise<void> {
  await client.resource(ROLE_BINDINGS, appsNamespace).create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'tekton-dag-deployer' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'tekton-dag-deployer' },
    subjects: [{ kind: 'ServiceAccount', name: 'tekton-dag-pipeline', namespace }],
  });
}
