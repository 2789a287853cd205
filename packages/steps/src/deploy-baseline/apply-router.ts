/** Makes or updates the router of one namespace; its token is made once and then kept. */
import { randomBytes } from 'node:crypto';
import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { roleBindings, roles } from '../kubernetes/run-kinds.ts';
import { ROUTER_NAME } from '../traffic/router-name.ts';
import {
  renderRouterDeployment,
  renderRouterRole,
  renderRouterRoleBinding,
  renderRouterSecret,
  renderRouterServiceAccount,
} from './render-router.ts';

const ensureToken = async (client: KubeClient, namespace: string): Promise<void> => {
  const secrets = client.resource(kinds.secrets, namespace);
  if ((await secrets.get(ROUTER_NAME)) !== undefined) return;
  try {
    await secrets.create(renderRouterSecret(namespace, randomBytes(32).toString('hex')));
  } catch (error) {
    if (!isRefusal(error, 'AlreadyExists')) throw error;
  }
};

/** Applies account, rights, token and Deployment; does not wait. */
export const applyRouter = async (client: KubeClient, namespace: string, image: string): Promise<void> => {
  await ensureToken(client, namespace);
  await client
    .resource(kinds.serviceaccounts, namespace)
    .apply(renderRouterServiceAccount(namespace), FIELD_MANAGER);
  await client.resource(roles, namespace).apply(renderRouterRole(namespace), FIELD_MANAGER);
  await client.resource(roleBindings, namespace).apply(renderRouterRoleBinding(namespace), FIELD_MANAGER);
  await client
    .resource(kinds.deployments, namespace)
    .apply(renderRouterDeployment(namespace, image), FIELD_MANAGER);
};
