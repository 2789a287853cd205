/** applyManifest: makes the cluster's object what the manifest says, and tells what that changed. */

import { isRefusal, type GenericObject, type KubeClient, type ResourceClient } from '@tekton-dag/kube';
import { definitionOf, labelOf, type Manifest } from './manifest.ts';

/** Who we are to the API server (Kubernetes: server-side apply, "Managers"). */
const FIELD_MANAGER = 'tekton-dag';

export type Change = 'created' | 'configured' | 'unchanged';

/** Fields that another manager owns are taken over: the catalog is ours. Throws the client's faults. */
export async function applyManifest(
  client: KubeClient,
  manifest: Manifest,
  namespace: string,
): Promise<Change> {
  const resource = resourceOf(client, manifest, namespace);
  const { name } = manifest.metadata;
  const before = await resource.get(name);
  if (before !== undefined && bindsOtherRole(before, manifest)) await resource.delete(name);
  const after = await resource.apply(manifest, { fieldManager: FIELD_MANAGER, force: true });
  if (before === undefined) return 'created';
  return before.metadata?.resourceVersion === after.metadata?.resourceVersion ? 'unchanged' : 'configured';
}

/** What the server would store, defaults included; undefined where it cannot say, as in a namespace to be made. */
export async function previewManifest(
  client: KubeClient,
  manifest: Manifest,
  namespace: string,
): Promise<GenericObject | undefined> {
  try {
    return await resourceOf(client, manifest, namespace).apply(manifest, {
      fieldManager: FIELD_MANAGER,
      force: true,
      dryRun: true,
    });
  } catch (error) {
    if (isRefusal(error, 'NotFound') || isRefusal(error, 'Invalid')) return undefined;
    throw error;
  }
}

/** The verbs on the manifest's kind, in its own namespace or else in `namespace`. */
export function resourceOf(
  client: KubeClient,
  manifest: Manifest,
  namespace: string,
): ResourceClient<GenericObject> {
  const definition = definitionOf(manifest.kind);
  if (definition === undefined) throw new TypeError(`${labelOf(manifest)}: this kind is not applied`);
  return client.resource(definition, manifest.metadata.namespace ?? namespace);
}

/** The role of a binding cannot be changed (Kubernetes: RBAC, "RoleBinding and ClusterRoleBinding"). */
function bindsOtherRole(before: GenericObject, manifest: Manifest): boolean {
  return (
    manifest.kind === 'RoleBinding' &&
    JSON.stringify(kindAndName(before)) !== JSON.stringify(kindAndName(manifest))
  );
}

function kindAndName({ roleRef }: Readonly<Record<string, unknown>>): unknown[] {
  if (typeof roleRef !== 'object' || roleRef === null) return [];
  return ['kind' in roleRef ? roleRef.kind : '', 'name' in roleRef ? roleRef.name : ''];
}
