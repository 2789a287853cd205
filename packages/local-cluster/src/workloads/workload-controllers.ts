/** The controllers of this room: what a control plane, a scheduler, a kubelet and a kube-proxy do in a real cluster. */

import type { ClusterContext, Controller } from '../contracts/cluster-context.ts';
import { createDeploymentController } from './deployments/deployment-controller.ts';
import { createJobController } from './jobs/job-controller.ts';
import { createPodController } from './kubelet/pod-controller.ts';
import { createClusterNetwork } from './network/cluster-network.ts';
import { createEndpointsController } from './network/endpoints-controller.ts';
import { createServiceController } from './network/service-controller.ts';
import { createReplicaSetController } from './replica-sets/replica-set-controller.ts';

/** Start them in this order and stop them in the reverse one: pods go last, so that nothing starts them again. */
export function createWorkloadControllers(context: ClusterContext): Controller[] {
  const network = createClusterNetwork(context.paths.state);
  return [
    createPodController(context, network),
    createServiceController(context, network),
    createEndpointsController(context, network),
    createReplicaSetController(context),
    createDeploymentController(context),
    createJobController(context),
  ];
}
