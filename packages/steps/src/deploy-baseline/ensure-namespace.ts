/** Makes sure that a namespace of apps is there and has the router's account, as far as we are allowed to. */
import { LABEL, MANAGED_BY } from '@tekton-dag/model';
import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import { FIELD_MANAGER } from '../kubernetes/field-manager.ts';
import { roleBindings, roles } from '../kubernetes/run-kinds.ts';
import { StepFailure } from '../step-failure.ts';
import { ROUTER_NAME } from '../traffic/router-name.ts';
import { renderRouterRole, renderRouterRoleBinding, renderRouterServiceAccount } from './render-router.ts';

const createNamespace = async (client: KubeClient, name: string): Promise<void> => {
  try {
    await client.resource(kinds.namespaces).create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { [LABEL.managedBy]: MANAGED_BY } },
    });
  } catch (error) {
    if (!isRefusal(error, 'AlreadyExists')) throw error;
  }
};

const applyRouterRights = async (client: KubeClient, name: string): Promise<void> => {
  await client.resource(kinds.serviceaccounts, name).apply(renderRouterServiceAccount(name), FIELD_MANAGER);
  await client.resource(roles, name).apply(renderRouterRole(name), FIELD_MANAGER);
  await client.resource(roleBindings, name).apply(renderRouterRoleBinding(name), FIELD_MANAGER);
};

/**
 * On a cluster that was set up by pipeline/rbac-apps.yaml this only looks. What it lacks is made where the API lets us,
 * as on the local cluster; the rights of the catalog do not, and then NAMESPACE_CLOSED says who is to do it.
 */
export const ensureNamespace = async (
  client: KubeClient,
  { name, runsNamespace }: { name: string; runsNamespace: string },
): Promise<void> => {
  try {
    if ((await client.resource(kinds.serviceaccounts, name).get(ROUTER_NAME)) !== undefined) return;
    await createNamespace(client, name);
    await applyRouterRights(client, name);
  } catch (error) {
    if (!isRefusal(error, 'Forbidden')) throw error;
    throw new StepFailure(
      `the pipeline may not deploy into namespace ${name}, or it does not exist: ${error.message}`,
      {
        code: 'NAMESPACE_CLOSED',
        hint: `tekton-dag namespace bootstrap ${runsNamespace} --apps-namespace ${name}`,
      },
    );
  }
};
