/** cleanSession and cleanRun: delete what the runs of a pull request, or one run, left in the namespaces of the apps. */

import { isRefusal, kinds, type KubeClient, type KubeObject, type ResourceClient } from '@tekton-dag/kube';
import { LABEL, MANAGED_BY } from '@tekton-dag/model';

/** All runs of the session; tells how many objects it found. */
export function cleanSession(
  client: KubeClient,
  session: string,
  namespaces: readonly string[],
): Promise<number> {
  return deleteLabelled(client, `${LABEL.session}=${session}`, namespaces);
}

/** One run; the baseline that a run deployed has no session and stays. */
export function cleanRun(client: KubeClient, run: string, namespaces: readonly string[]): Promise<number> {
  return deleteLabelled(client, `${LABEL.run}=${run},${LABEL.session}`, namespaces);
}

/** Routes, Services and Deployments, in this order: no request shall be sent to pods that are going. */
async function deleteLabelled(
  client: KubeClient,
  selector: string,
  namespaces: readonly string[],
): Promise<number> {
  const found = await Promise.all(
    namespaces.map(
      async (namespace) =>
        (await deleteSelected(client.resource(kinds.httproutes, namespace), selector)) +
        (await deleteSelected(client.resource(kinds.services, namespace), selector)) +
        (await deleteSelected(client.resource(kinds.deployments, namespace), selector)),
    ),
  );
  return found.reduce((sum, count) => sum + count, 0);
}

async function deleteSelected<T extends KubeObject>(
  resource: ResourceClient<T>,
  selector: string,
): Promise<number> {
  const items = await listOrNone(resource, `${LABEL.managedBy}=${MANAGED_BY},${selector}`);
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
