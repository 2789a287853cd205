/** Makes or updates the router of one namespace; its token is made once and then kept. */
import { randomBytes } from 'node:crypto';
import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { ROUTER_NAME } from '../traffic/router-name.ts';
import { renderRouterDeployment, renderRouterSecret } from './render-router.ts';

const ensureToken = async (client: KubeClient, namespace: string): Promise<void> => {
  const secrets = client.resource(kinds.secrets, namespace);
  if ((await secrets.get(ROUTER_NAME)) !== undefined) return;
  try {
    await secrets.create(renderRouterSecret(namespace, randomBytes(32).toString('hex')));
  } catch (error) {
    if (!isRefusal(error, 'AlreadyExists')) throw error;
  }
};

/** Applies token and Deployment; does not wait. The account and its rights are the namespace's own. */
export const applyRouter = async (client: KubeClient, namespace: string, image: string): Promise<void> => {
  await ensureToken(client, namespace);
  await client
    .resource(kinds.deployments, namespace)
    .apply(renderRouterDeployment(namespace, image), FIELD_MANAGER);
};
