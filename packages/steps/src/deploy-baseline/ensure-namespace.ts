/** Makes sure that a namespace exists, as far as we are allowed to. */
import { LABEL, MANAGED_BY } from '@tekton-dag/model';
import { isRefusal, kinds, type KubeClient } from '@tekton-dag/kube';
import { StepFailure } from '../step-failure.ts';

/** A service account with rights in the namespace alone may neither see nor make it: then it counts as present. */
export const ensureNamespace = async (client: KubeClient, name: string): Promise<void> => {
  const namespaces = client.resource(kinds.namespaces);
  try {
    if ((await namespaces.get(name)) !== undefined) return;
  } catch (error) {
    if (isRefusal(error, 'Forbidden')) return;
    throw error;
  }
  try {
    await namespaces.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { [LABEL.managedBy]: MANAGED_BY } },
    });
  } catch (error) {
    if (isRefusal(error, 'AlreadyExists')) return;
    if (!isRefusal(error, 'Forbidden')) throw error;
    throw new StepFailure(`namespace ${name} does not exist and the pipeline may not make it`, {
      code: 'NAMESPACE_MISSING',
      hint: `kubectl create namespace ${name}, and bind role tekton-dag-deployer there (pipeline/rbac.yaml)`,
    });
  }
};
