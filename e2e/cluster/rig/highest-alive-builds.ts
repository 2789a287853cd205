/** highestAliveBuilds: watches the pods that build, and tells how many were alive at once at most. */

import { createReflector, kinds, type KubeClient, type Pod } from '@tekton-dag/kube';

export interface AliveBuilds extends AsyncDisposable {
  highest(): number;
}

/** The kubelet tells the end of the containers before it tells the phase. */
function isAlive({ status }: Pod): boolean {
  if (/^(Succeeded|Failed)$/.test(status?.phase ?? '')) return false;
  const containers = status?.containerStatuses ?? [];
  return containers.length === 0 || containers.some(({ state }) => state?.terminated === undefined);
}

/** A pod counts from its creation until all its containers have ended. */
export async function highestAliveBuilds(client: KubeClient, namespace: string): Promise<AliveBuilds> {
  const labelSelector = 'tekton.dev/task in (build-app,build-app-buildah)';
  const pods = createReflector(client.resource(kinds.pods, namespace), { labelSelector });
  let highest = 0;
  pods.on(() => {
    highest = Math.max(highest, pods.items().filter(isAlive).length);
  });
  pods.start();
  await pods.synced;
  return { highest: () => highest, [Symbol.asyncDispose]: () => pods[Symbol.asyncDispose]() };
}
