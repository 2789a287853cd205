/** startWorkloads: plays the controllers of Deployments and Services. */

import { createReflector, kinds, type Deployment, type GenericObject } from '@tekton-dag/kube';
import type { StepRig } from './step-rig.ts';

const statusOf = (ready: boolean, image: string) => ({
  podIP: '127.0.0.1',
  conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
  containerStatuses: [
    {
      name: 'app',
      image,
      restartCount: 0,
      state: ready ? {} : { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } },
    },
  ],
});

const podOf = ({ metadata = {}, spec }: Deployment, ready: boolean): GenericObject => {
  const template = spec?.template;
  const image = template?.spec?.containers[0]?.image ?? '';
  return {
    metadata: {
      name: `${metadata.name}-pod`,
      namespace: String(metadata.namespace),
      labels: { ...template?.metadata?.labels },
    },
    spec: { containers: [{ name: 'app', image }] },
    status: statusOf(ready, image),
  };
};

/** Plays the Deployment controller: `decide` says what becomes of the pods. Services get cluster addresses. */
export const startWorkloads = (
  rig: StepRig,
  decide: (name: string) => 'ready' | 'image-pull' = () => 'ready',
): void => {
  const deployments = rig.client.resource(kinds.deployments);
  const reflector = createReflector(deployments);
  const settle = async (deployment: Deployment): Promise<void> => {
    const { name = '', namespace = '' } = deployment.metadata ?? {};
    if (deployment.status !== undefined) return;
    const ready = decide(name) === 'ready';
    rig.api.put(`/api/v1/namespaces/${namespace}/pods`, podOf(deployment, ready));
    const replicas = deployment.spec?.replicas;
    const counts = { replicas, updatedReplicas: replicas, availableReplicas: replicas };
    const status = ready ? counts : { replicas };
    await rig.client.resource(kinds.deployments, namespace).patch(name, { status }, { type: 'merge' });
  };
  reflector.on((change) => {
    // What goes meanwhile, the rig with it, needs no status any more.
    if (change.type !== 'deleted') void settle(change.object).catch(() => undefined);
  });
  const services = createReflector(rig.client.resource(kinds.services));
  services.on((change) => {
    if (change.type === 'deleted' || change.object.spec?.clusterIP !== undefined) return;
    const { name = '', namespace } = change.object.metadata ?? {};
    void rig.client
      .resource(kinds.services, namespace)
      .patch(name, { spec: { clusterIP: '127.0.0.1' } }, { type: 'merge' })
      .catch(() => undefined);
  });
  reflector.start();
  services.start();
  rig.defer(async () => {
    await reflector[Symbol.asyncDispose]();
    await services[Symbol.asyncDispose]();
  });
};
