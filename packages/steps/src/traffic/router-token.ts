/** The bearer token of a namespace's routers and taps. */
import { kinds, type KubeClient } from '@tekton-dag/kube';
import { ROUTER_NAME } from './router-name.ts';

/** Empty when there is no such Secret; then every request is refused. */
export const readRouterToken = async (client: KubeClient, namespace: string): Promise<string> => {
  const secret = await client.resource(kinds.secrets, namespace).get(ROUTER_NAME);
  return Buffer.from(secret?.data?.['token'] ?? '', 'base64').toString('utf8');
};
