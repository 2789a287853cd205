/** cleanSession: deletes what the runs of one pull request left in the namespaces of the apps. */

import { isRefusal, kinds, type KubeClient, type KubeObject, type ResourceClient } from '@tekton-dag/kube';
import { LABEL, MANAGED_BY } from '@tekton-dag/model';

/** Deletes Deployments, Services and HTTPRoutes that bear the session's label; tells how many it found. */
export async function cleanSession(
  client: KubeClient,
  session: string,
  namespaces: readonly string[],
): Promise<number> {
  const found = await Promise.all(
    namespaces.flatMap((namespace) => [
      deleteLabelled(client.resource(kinds.httproutes, namespace), session),
      deleteLabelled(client.resource(kinds.services, namespace), session),
      deleteLabelled(client.resource(kinds.deployments, namespace), session),
    ]),
  );
  return found.reduce((sum, count) => sum + count, 0);
}

async function deleteLabelled<T extends KubeObject>(
  resource: ResourceClient<T>,
  session: string,
): Promise<number> {
  const labelSelector = `${LABEL.managedBy}=${MANAGED_BY},${LABEL.session}=${session}`;
  const items = await listOrNone(resource, labelSelector);
  await Promise.all(items.map(({ metadata }) => deleteObject(resource, metadata)));
  return items.length;
}

async function listOrNone<T extends KubeObject>(
  resource: ResourceClient<T>,
  labelSelector: string,
): Promise<readonly T[]> {
  try {
    return (await resource.list({ labelSelector })).items;
  } catch (error) {
    // A cluster without the Gateway API has no HTTPRoutes to delete.
    if (isRefusal(error, 'NotFound')) return [];
    throw error;
  }
}

async function deleteObject<T extends KubeObject>(
  resource: ResourceClient<T>,
  metadata: KubeObject['metadata'],
): Promise<void> {
  const { name = '', uid } = metadata ?? {};
  try {
    await resource.delete(name, { propagation: 'Background', ...(uid === undefined ? {} : { uid }) });
  } catch (error) {
    // Another object took the name meanwhile; it is not what we listed.
    if (!isRefusal(error, 'Conflict')) throw error;
  }
}
