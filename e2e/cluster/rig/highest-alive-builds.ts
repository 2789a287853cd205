/** highestAliveBuilds: watches the pods that build, and tells how many were alive at once at most. */

import { createReflector, kinds, type KubeClient } from '@tekton-dag/kube';

export interface AliveBuilds extends AsyncDisposable {
  highest(): number;
}

/** A pod counts from its creation until all its containers have ended. */
export async function highestAliveBuilds(client: KubeClient, namespace: string): Promise<AliveBuilds> {
  const labelSelector = 'tekton.dev/task in (build-app,build-app-buildah)';
  const pods = createReflector(client.resource(kinds.pods, namespace), { labelSelector });
  let highest = 0;
  pods.on(() => {
    const alive = pods.items().filter(({ status }) => !/^(Succeeded|Failed)$/.test(status?.phase ?? ''));
    highest = Math.max(highest, alive.length);
  });
  pods.start();
  await pods.synced;
  return { highest: () => highest, [Symbol.asyncDispose]: () => pods[Symbol.asyncDispose]() };
}
