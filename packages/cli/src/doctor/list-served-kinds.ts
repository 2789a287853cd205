/** listServedKinds: the resources that an API group serves, from discovery, which everybody may read. */

import { isRefusal, type KubeClient } from '@tekton-dag/kube';
import { z } from 'zod';

const resourceListSchema = z.object({ resources: z.array(z.object({ name: z.string() })) });

/** Plural names such as `pipelineruns`; empty when the group or its version is not served. */
export async function listServedKinds(client: KubeClient, groupVersion: string): Promise<string[]> {
  try {
    const list = resourceListSchema.parse(JSON.parse(await client.getText(`/apis/${groupVersion}`)));
    return list.resources.map(({ name }) => name);
  } catch (error) {
    if (isRefusal(error, 'NotFound')) return [];
    throw error;
  }
}
