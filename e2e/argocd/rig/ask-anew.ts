/** askAnew: a question to Argo CD, which is an annotation that it takes away; one that is there already would be no news. */

import type { KubeObject, ResourceClient } from '@tekton-dag/kube';

export async function askAnew<T extends KubeObject>(
  resource: ResourceClient<T>,
  name: string,
  [key, value]: readonly [key: string, value: string],
): Promise<void> {
  for (const one of [null, value]) {
    await resource.patch(name, { metadata: { annotations: { [key]: one } } }, { type: 'merge' });
  }
}
