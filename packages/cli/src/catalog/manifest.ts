/** Manifest: one object of a YAML file that we apply, and where its kind lives in the API. */

import { kinds, type ResourceCoordinates } from '@tekton-dag/kube';
import { z } from 'zod';

/** What every manifest says of itself; the rest is the API server's to judge. */
export const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().exactOptional(),
    labels: z.record(z.string(), z.string()).exactOptional(),
    annotations: z.record(z.string(), z.string()).exactOptional(),
  }),
});
export type Manifest = z.infer<typeof manifestSchema>;

const RBAC = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true };

/** The kinds that we apply; any other is refused. */
const DEFINITIONS: readonly ResourceCoordinates[] = [
  kinds.namespaces,
  kinds.serviceaccounts,
  { ...RBAC, plural: 'roles', kind: 'Role' },
  { ...RBAC, plural: 'clusterroles', kind: 'ClusterRole', namespaced: false },
  { ...RBAC, plural: 'rolebindings', kind: 'RoleBinding' },
  kinds.secrets,
  kinds.configmaps,
  kinds.persistentvolumeclaims,
  kinds.tasks,
  kinds.pipelines,
];

/** Undefined for a kind that we do not apply. */
export function definitionOf(kind: string): ResourceCoordinates | undefined {
  return DEFINITIONS.find((definition) => definition.kind === kind);
}

/** `task/prepare`, as people name an object. */
export function labelOf({ kind, metadata }: Pick<Manifest, 'kind' | 'metadata'>): string {
  return `${kind.toLowerCase()}/${metadata.name}`;
}
